using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Benchmarks.Capture;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Processes;

// capture-bench                            the measurement
// capture-bench write BLOCK BYTES          a service that prints numbered lines, BLOCK bytes per write
// capture-bench keep PIPE LOG SIZE KEEP    captures until it is killed, for the test that does that

switch (args)
{
    case ["write", var block, var bytes]:
        Writer.Write(int.Parse(block, CultureInfo.InvariantCulture), long.Parse(bytes, CultureInfo.InvariantCulture));
        return 0;
    case ["keep", var pipe, var log, var size, var keep]:
        using (LogCapture capture = new(TimeProvider.System, problem => Console.Error.WriteLine(problem.Message)))
        {
            capture.Attach("kept", pipe, log, new LogSettings
            {
                MaxSize = long.Parse(size, CultureInfo.InvariantCulture),
                Keep = int.Parse(keep, CultureInfo.InvariantCulture),
            });
            Thread.Sleep(Timeout.Infinite);
        }

        return 0;
}

// What the machine gives at this moment: the same writer, and nobody who rotates or keeps anything.
await FloorAsync("floor: 64 KB per write, into cat", 64 * 1024, 3L << 30);
await FloorAsync("floor: one line per write, into cat", Writer.LineLength, 256L << 20);
bool right = true;
right &= await MeasureAsync("64 KB per write", 64 * 1024, 3L << 30, subscribe: false);
right &= await MeasureAsync("64 KB per write, with a subscriber", 64 * 1024, 3L << 30, subscribe: true);
right &= await MeasureAsync("one line (128 bytes) per write", Writer.LineLength, 256L << 20, subscribe: false);
return right ? 0 : 1;

static async Task FloorAsync(string name, int block, long bytes)
{
    long began = Stopwatch.GetTimestamp();
    using (Process shell = Process.Start("/bin/sh", ["-c", $"'{Environment.ProcessPath}' write {block} {bytes} | cat >/dev/null"]))
        await shell.WaitForExitAsync();
    Console.WriteLine($"{name,-36} {bytes / Stopwatch.GetElapsedTime(began).TotalSeconds / 1e6,6:0} MB/s");
}

static async Task<bool> MeasureAsync(string name, int block, long bytes, bool subscribe)
{
    string folder = Directory.CreateTempSubdirectory("servicectl-bench-").FullName;
    string path = Path.Combine(folder, "output.log");
    long seen = 0;
    using ExitWatcher watcher = new();
    using LogCapture capture = new(TimeProvider.System, problem => Console.Error.WriteLine(problem.Message));
    using CapturedLog log = capture.Attach("bench", Path.Combine(folder, "output.pipe"), path, new LogSettings());
    using IDisposable? subscription = subscribe ? log.Subscribe(piece => seen += piece.Length) : null;

    using Process self = Process.GetCurrentProcess();
    TimeSpan before = self.TotalProcessorTime;
    long began = Stopwatch.GetTimestamp();
    using (var output = log.OpenForService())
    {
        using ChildProcess child = Spawner.Spawn(
            new ProcessSpec
            {
                FileName = Environment.ProcessPath!,
                Arguments = ["write", $"{block}", $"{bytes}"],
                Environment = new Dictionary<string, string> { ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "", ["DOTNET_TieredPGO"] = "0" },
                WorkingDirectory = "/",
                StandardOutput = output,
            },
            watcher);
        await child.Exited;
    }

    log.Drain();
    TimeSpan took = Stopwatch.GetElapsedTime(began);
    self.Refresh();
    string[] rotated = [.. Directory.GetFiles(folder, "output.log.1*").Order(StringComparer.Ordinal)];
    bool right = Writer.IsWhole(File.ReadAllBytes(rotated[0]), File.ReadAllBytes(rotated[1]), File.ReadAllBytes(path), bytes)
        && (!subscribe || seen == bytes);
    Console.WriteLine(
        $"{name,-36} {bytes / took.TotalSeconds / 1e6,6:0} MB/s  {bytes / 1_000_000,5} rotations, {(self.TotalProcessorTime - before).TotalSeconds:0.0} s of CPU in {took.TotalSeconds:0.0} s, {(right ? "nothing lost or torn" : "LOST OR TORN")}");
    Directory.Delete(folder, recursive: true);
    return right;
}
