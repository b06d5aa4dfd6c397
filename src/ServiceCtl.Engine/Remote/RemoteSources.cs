using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Discovery;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Watching;

namespace ServiceCtl.Engine.Remote;

/// <summary>
/// Where pushes for one service come from without an order: a watched file, a key of Consul's, Consul's instances of the modules it needs.
/// </summary>
internal sealed class RemoteSources : IAsyncDisposable
{
    private readonly WatchedFile? _file;
    private readonly List<ConsulFollower> _followers = [];

    /// <param name="definition">What it asks for.</param>
    /// <param name="watch">Notices changes of files; null where that is not possible.</param>
    /// <param name="time">The clock.</param>
    /// <param name="receiver">Gets what comes.</param>
    public RemoteSources(ServiceDefinition definition, PathWatch? watch, TimeProvider time, IRemoteReceiver receiver)
    {
        Key = KeyOf(definition);
        try
        {
            if (definition.Remote?.Watch is { } file && watch is not null)
                _file = new WatchedFile(file, SourceReaders.Of(definition.Actor), watch, time, receiver);
        }
        catch (ServiceCtlException error)
        {
            receiver.Warn($"Changes of {definition.Remote!.Watch} are not noticed. {error.Message}");
        }

        if (definition.Remote?.ConsulKey is { } key)
        {
            _followers.Add(new ConsulFollower(
                definition.Consul, $"The key {key}",
                async (consul, index, cancellation) =>
                {
                    var answer = await consul.GetValueAsync(key, index, ConsulFollower.Patience, cancellation);
                    if (answer.Value is { } value)
                        await receiver.PushAsync(Encoding.UTF8.GetString(value), $"Consul's {key}", ConfigFormat.Json);
                    return answer.Index;
                },
                time, receiver.Warn));
        }

        foreach (var module in definition.Consul.IsMentioned ? definition.Modules : [])
        {
            _followers.Add(new ConsulFollower(
                definition.Consul, $"The module {module}",
                async (consul, index, cancellation) =>
                {
                    var answer = await consul.GetHealthyAsync(module, index, ConsulFollower.Patience, cancellation);
                    receiver.SetAddresses(module, [.. answer.Value.Select(instance => instance.HostAndPort).Order(StringComparer.Ordinal)]);
                    return answer.Index;
                },
                time, receiver.Warn));
        }
    }

    /// <summary>What they were made from: another one asks for other sources.</summary>
    public string Key { get; }

    public static string KeyOf(ServiceDefinition definition) => string.Join(
        '\n', [definition.Remote?.Watch, definition.Remote?.ConsulKey, definition.Remote?.Override, definition.Remote?.Schema,
            definition.Consul.Host, $"{definition.Consul.Port}",
        definition.Consul.TokenFile, $"{definition.Actor} {definition.Consul.IsMentioned}", .. definition.Modules]);

    public async ValueTask DisposeAsync()
    {
        _file?.Dispose();
        foreach (var follower in _followers)
            await follower.DisposeAsync();
    }
}
