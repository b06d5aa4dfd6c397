using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Processes;

/// <summary>A watcher, a folder of its own, and an end for everything that a test started.</summary>
public sealed class ProcessBench : IDisposable
{
    public static readonly TimeSpan Limit = Patience.Limit;

    private readonly List<ChildProcess> _children = [];

    public ExitWatcher Watcher { get; } = new();

    /// <summary>The processes whose end is awaited now.</summary>
    public int Watched => WatchedBy(Watcher).Count;

    public string Folder { get; } = Directory.CreateTempSubdirectory("servicectl-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public static ProcessSpec Program(string fileName, params string[] arguments) => new()
    {
        FileName = fileName,
        Arguments = arguments,
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        WorkingDirectory = "/",
    };

    public static ProcessSpec Shell(string script) => Program("/bin/sh", "-c", script);

    public static ProcessSpec Python(string script) => Program("/usr/bin/python3", "-c", script);

    public ChildProcess Spawn(ProcessSpec spec)
    {
        ChildProcess child = Spawner.Spawn(spec, Watcher);
        lock (_children)
            _children.Add(child);
        return child;
    }

    public static Task<ProcessExit> ExitOf(ChildProcess child) => child.Exited.WaitAsync(Limit);

    /// <summary>Runs it to its end; what it printed, both streams.</summary>
    public async Task<string> OutputOf(ProcessSpec spec)
    {
        string file = PathOf(Path.GetRandomFileName());
        using (SafeFileHandle output = File.OpenHandle(file, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite))
            await ExitOf(Spawn(spec with { StandardOutput = output, StandardError = output }));
        return await File.ReadAllTextAsync(file);
    }

    /// <summary>Waits for something that another process does and nobody announces.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        DateTime end = DateTime.UtcNow + Limit;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, $"not within {Limit.TotalSeconds} s: {what}");
            await Task.Delay(10);
        }
    }

    public async Task<int> PidIn(string name)
    {
        int pid = 0;
        await Until(() => File.Exists(PathOf(name)) && int.TryParse(File.ReadAllText(PathOf(name)), out pid), $"a pid in {name}");
        return pid;
    }

    public void Dispose()
    {
        foreach (ChildProcess child in _children)
        {
            try
            {
                child.SignalGroup(Signals.Kill);
            }
            catch (ObjectDisposedException)
            {
                // It has ended, and its test has let go of it.
            }

            if (!child.Exited.Wait(Limit))
                throw new TimeoutException($"process {child.Pid} outlived SIGKILL");
            child.Dispose();
        }

        Watcher.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_watched")]
    private static extern ref ConcurrentDictionary<long, ChildProcess> WatchedBy(ExitWatcher watcher);
}
