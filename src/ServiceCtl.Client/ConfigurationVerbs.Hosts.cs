using System.Globalization;
using System.Text.Json;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>The configuration of services of another host, read by the command there, for the files are there.</summary>
public sealed partial class ConfigurationVerbs
{
    /// <summary>The effective values of configurations. What is wrong with one is reported, and the others are answered.</summary>
    /// <param name="about">Names of services; or folders and files of theirs, over there.</param>
    /// <param name="query">What else is asked.</param>
    /// <param name="report">Hears what is wrong.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException">The host can't be reached, or does not understand this.</exception>
    public async Task<IReadOnlyList<ServiceSetting>> GetThereAsync(
        IReadOnlyList<string> about, ConfigQuery query, Action<ErrorReport> report, CancellationToken cancellation)
    {
        string[] words = ["config", "--json", .. HostCommand.Each("--key", query.Keys), .. WordsOf(query), "--", .. about];
        var reply = await HostCommand.AskAsync(
            RequireHost(), words, ServiceConfigJson.Default.IReadOnlyListServiceSetting, cancellation);
        return [.. (reply.Reported(report) ?? []).Select(Typed)];
    }

    /// <summary>Checks configurations as a start would.</summary>
    /// <inheritdoc cref="GetThereAsync"/>
    public async Task<IReadOnlyList<ServiceConfigCheck>> CheckThereAsync(
        IReadOnlyList<string> about, ConfigQuery query, bool withSettings, Action<ErrorReport> report, CancellationToken cancellation)
    {
        string[] words =
            ["config", "check", "--json", .. HostCommand.Flag("--values", withSettings), .. WordsOf(query), "--", .. about];
        var reply = await HostCommand.AskAsync(
            RequireHost(), words, ServiceConfigJson.Default.IReadOnlyListServiceConfigCheck, cancellation);
        return [.. (reply.Reported(report) ?? []).Select(check => check with { Settings = [.. check.Settings.Select(Typed)] })];
    }

    private PyServiceHost RequireHost() => _agent.Host ?? throw new InvalidOperationException("This is about another host.");

    private static IEnumerable<string> WordsOf(ConfigQuery query) =>
    [
        .. HostCommand.Each("--set", query.Settings), .. HostCommand.Each("--source", query.Sources),
        .. HostCommand.Flag("--environment", query.Environment), .. HostCommand.Flag("--reveal", query.Reveal),
    ];

    /// <summary>JSON knows less kinds of values than a schema.</summary>
    private static ServiceSetting Typed(ServiceSetting setting) => setting with
    {
        Value = setting.Value is JsonElement value ? ValueOf(value, setting.Type) : setting.Value,
        Overridden = [.. setting.Overridden.Select(Typed)],
    };

    private static object? ValueOf(JsonElement value, string? type) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when type != "size" && value.TryGetInt32(out var small) => small,
        JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when type?.EndsWith("duration", StringComparison.Ordinal) == true
            && TimeSpan.TryParseExact(value.GetString(), "c", CultureInfo.InvariantCulture, out var span) => span,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => value.EnumerateArray().Select(item => ValueOf(item, type)).ToArray(),
        JsonValueKind.Object => MapOf(value),
        _ => null,
    };

    private static OrderedDictionary<string, object> MapOf(JsonElement value)
    {
        var map = new OrderedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (ValueOf(property.Value, type: null) is { } held)
                map.Add(property.Name, held);
        }

        return map;
    }
}
