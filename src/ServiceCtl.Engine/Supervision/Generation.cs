using System.Globalization;
using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>One launch of a service: its definition at that time, its address, and the instances that run.</summary>
internal sealed class Generation : IDisposable
{
    // Replaced as a whole, so that whoever shows the service may read it meanwhile.
    private volatile Instance[] _instances = [];

    public required int Number { get; init; }

    public required ServiceDefinition Definition { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The same by the monotonic clock; 0 for one that another agent has launched.</summary>
    public long Since { get; init; }

    /// <summary>Holds what the next agent needs to know, and the instances' files.</summary>
    public required string RunFolder { get; init; }

    /// <summary>
    /// The sockets that the agent opened and passed to it, in the order of <see cref="Addresses"/>; none when it binds its addresses
    /// itself, or when they could not be had back.
    /// </summary>
    public IReadOnlyList<HeldSocket> Sockets { get; set; } = [];

    /// <summary>
    /// Does it serve a part of the connections for a while, beside another one that is the service? Its output is its own, and what must
    /// run once is not run by it.
    /// </summary>
    public bool IsCanary { get; init; }

    /// <summary>Were sockets passed to it?</summary>
    public required bool HasSockets { get; init; }

    /// <summary>The folders that its definition's paths led to at the launch.</summary>
    public LaunchPlaces Places { get; init; } = new();

    /// <summary>Where it listens.</summary>
    public required IReadOnlyList<ServedAddress> Addresses { get; init; }

    /// <summary>The one of them that stands for the service; null for one that listens nowhere.</summary>
    public ListenAddress? Listen => MainAddress?.Address;

    /// <inheritdoc cref="Listen"/>
    public ServedAddress? MainAddress => ServedAddress.MainOf(Addresses);

    /// <summary>Where it is asked in HTTP, by probes and tests; null for one that listens nowhere.</summary>
    /// <remarks>Its user may not be among those who may connect to a Unix socket; the agent knows its own.</remarks>
    public ProbeSite? Site => Main.Launch.HealthSite ?? SiteBy(MainSocket is { Path: not null } held ? held.ConnectAsync : null);

    /// <summary>The same, over connections that reach it before it serves.</summary>
    public ProbeSite? OwnSite => Main.Launch.HealthSite ?? SiteBy(MainSocket?.Reach);

    /// <summary>The socket of <see cref="Listen"/>.</summary>
    public HeldSocket? MainSocket => Listen is { } main && Sockets.Count == Addresses.Count ? Sockets[IndexOf(main)] : null;

    /// <summary>Everybody of it who ran when this agent took it on; nobody of one that it launched.</summary>
    public IReadOnlyList<int> Found { get; init; } = [];

    /// <summary>What is missing until it is ready; null when nothing is.</summary>
    public string? Awaits { get; set; }

    /// <summary>
    /// The path of a Unix socket of its that nobody reaches any more, because its file was deleted; null when there is none.
    /// </summary>
    public string? LostFile => HasSockets && Sockets.Count > 0
        ? Sockets.FirstOrDefault(socket => socket.IsLost)?.Path
        : Addresses.Select(served => served.Address.UnixPath)
            .FirstOrDefault(path => path is not null && UnixSocketFile.Find(path) is null && UnixListeners.IsListening(path));

    /// <summary>Its last answer to the health probe; null before the first, and where none is asked for.</summary>
    public HealthReport? Health { get; set; }

    /// <summary>Processes it is to have; more than one only where the server has no workers of its own.</summary>
    public required int Size { get; init; }

    /// <summary>Those that run, by their index; fewer than <see cref="Size"/> while one is replaced.</summary>
    public IReadOnlyList<Instance> Instances => _instances;

    /// <summary>Speaks for the generation: its pid is the service's.</summary>
    public Instance Main => _instances[0];

    public bool HasEnded => _instances.All(instance => instance.HasEnded);

    /// <summary>
    /// Whether another may be launched beside the search of the whole host for what is left of this one, which has ended: its cgroups are
    /// empty, so that is at most somebody who moved out of them, as only root can, or was forked in the instant before the main process was
    /// moved in; and the other one finds its address in our hands, not in theirs.
    /// </summary>
    public bool IsInNobodysWay => (Sockets.Count > 0 || Addresses.Count == 0) && _instances.All(instance => instance.Scope.IsDeserted);

    /// <summary>The indexes of which nothing runs.</summary>
    public IEnumerable<int> Missing => Enumerable.Range(0, Size).Except(_instances.Select(instance => instance.Index));

    /// <summary>
    /// The folder of one launch. What <see cref="RunFolder"/> holds must stay out of the hands of a service that runs as another user.
    /// </summary>
    public string RunFolderOf(int index) => Size == 1 && Definition.User is null
        ? RunFolder : Path.Combine(RunFolder, index.ToString(CultureInfo.InvariantCulture));

    /// <summary>The service's name, with the instance's index where there are several.</summary>
    public string NameOf(int index) =>
        Size == 1 ? Definition.Name : string.Create(CultureInfo.InvariantCulture, $"{Definition.Name} (instance {index})");

    /// <summary>The place of an address among <see cref="Addresses"/>.</summary>
    public int IndexOf(ListenAddress address) => Addresses.Select(served => served.Address).ToList().IndexOf(address);

    public void Add(Instance instance) => _instances = [.. _instances.Append(instance).OrderBy(one => one.Index)];

    public void Remove(Instance instance) => _instances = [.. _instances.Where(one => one != instance)];

    /// <summary>Keeps on disk what the next agent would need.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save() => new GenerationRecord
    {
        Number = Number,
        StartedAt = StartedAt,
        HasSocket = HasSockets,
        IsCanary = IsCanary,
        Addresses = Addresses,
        Places = Places,
        Size = Size,
        Instances = [.. _instances.Select(instance => new InstanceRecord(instance.Index, instance.Process.Identity, instance.StartedAt))],
        Definition = Definition,
    }.Write(RunFolder);

    /// <summary>The same for one that serves already, and goes on without it.</summary>
    /// <returns>Why that could not be kept; null when it was.</returns>
    public string? TrySave() => Try(Save);

    /// <summary>Keeps on disk whether it serves. It runs already, and goes on without it.</summary>
    /// <returns>Why that could not be kept; null when it was.</returns>
    public string? TryMark(bool isServing) => Try(() => GenerationRecord.Mark(RunFolder, isServing));

    private ProbeSite? SiteBy(Func<CancellationToken, Task<NetworkStream>>? reach) =>
        MainAddress is { } main ? ProbeSite.Of(main, Definition, reach) : null;

    private string? Try(Action keep)
    {
        try
        {
            keep();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"What another agent would need to take {Definition.Name} on can't be written to {RunFolder}: {error.Message}";
        }
    }

    /// <summary>
    /// Makes the configured names (the pid file, the stats socket, …) point at the files of this generation, each in one step.
    /// </summary>
    /// <returns>One sentence for each name that could not be made.</returns>
    public IReadOnlyList<string> Publish()
    {
        var failures = new List<string>();
        foreach (var (name, file) in Main.Launch.PublishedFiles)
        {
            try
            {
                var folder = Path.GetDirectoryName(name)!;
                UserFiles.Use(Definition.Actor, folder, () =>
                {
                    Directory.CreateDirectory(folder);
                    SymbolicLink.Point(name, file);
                });
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{name} can't be made to point at {file}: {error.Message}");
            }
        }

        return failures;
    }

    /// <summary>Takes away what only this generation used: its folder, and the names that still point into it.</summary>
    /// <returns>One sentence for each that could not be removed.</returns>
    public IReadOnlyList<string> RemoveFiles()
    {
        var failures = new List<string?>();
        foreach (var (name, file) in _instances.SelectMany(instance => instance.Launch.PublishedFiles))
        {
            try
            {
                UserFiles.Use(Definition.Actor, Path.GetDirectoryName(name)!, () =>
                {
                    if (new FileInfo(name).LinkTarget == file)
                        File.Delete(name);
                });
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{name} could not be removed: {error.Message}");
            }
        }

        failures.AddRange(_instances.Select(instance => instance.TryRemoveFiles()));
        // Of a user's folder that can't be removed, root takes nothing either.
        if (failures.TrueForAll(failure => failure is null))
            failures.Add(LaunchFolder.TryRemove(RunFolder, user: null));
        return [.. failures.OfType<string>()];
    }

    /// <summary>Its workers: those that its server knows, or its instances where there are several.</summary>
    public async Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation) =>
        Size > 1 ? [.. Instances.Select(Describe)] : await Main.Launch.ReadWorkersAsync(cancellation);

    private static WorkerStatus Describe(Instance instance) => new()
    {
        Id = instance.Index,
        Pid = instance.Process.Pid,
        Status = instance.HasEnded ? "ended" : "running",
        HasApp = !instance.HasEnded,
    };

    public void Dispose()
    {
        foreach (var instance in _instances)
            instance.Dispose();
    }
}
