using System.Text;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Logs.Reading;
using ServiceCtl.Engine.Logs.Rotation;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Logs;

public sealed class LogCaptureTests : IDisposable
{
    private const int LineLength = 128;

    private readonly CaptureBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Every_line_of_several_services_is_kept_whole_and_in_order_over_thousands_of_rotations()
    {
        const long bytes = 4 << 20;
        const int children = 4;
        CapturedLog[] logs = [
            .. Enumerable.Range(0, children).Select(i => _bench.Attach($"s{i}", new LogSettings { MaxSize = 5000, Keep = 10000 }))];
        ChildProcess[] processes = [.. logs.Select((log, i) => _bench.Spawn(log, Writer(i % 2 == 0 ? LineLength : 64 * 1024, bytes)))];
        foreach (ChildProcess process in processes)
            Assert.Equal(0, (await process.Exited.WaitAsync(Patience.Limit)).Code);

        foreach (CapturedLog log in logs)
        {
            log.Drain();
            Assert.Equal(bytes / LineLength, CaptureBench.CountNumbered(CaptureBench.Everything(log.FilePath)));
            string[] rotated = Directory.GetFiles(_bench.Processes.Folder, Path.GetFileName(log.FilePath) + ".1*");
            Assert.True(rotated.Length > 800, $"only {rotated.Length} rotations");
            Assert.All(rotated, file => Assert.InRange(new FileInfo(file).Length, 5000, 5000 + LineLength));
            Assert.All(rotated, file => Assert.Equal((byte)'\n', File.ReadAllBytes(file)[^1]));
        }

        Assert.Empty(_bench.Problems);
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_reading_side_is_killed_again_and_again_while_a_service_prints()
    {
        const long bytes = 96 << 20;
        string pipe = _bench.PathOf("output.pipe");
        string log = _bench.PathOf("output.log");
        // Held here as well, so that the test does not depend on which of the two ends last.
        using LogPipe held = LogPipe.Open(pipe);
        ChildProcess service;
        using (var output = held.OpenForService())
            service = _bench.Processes.Spawn(Writer(1024, bytes) with { StandardOutput = output, StandardError = output });

        int kills = 0;
        while (!service.Exited.IsCompleted)
        {
            int files = FileCount();
            ChildProcess agent = Keeper(pipe, log);
            await ProcessBench.Until(() => FileCount() > files || service.Exited.IsCompleted, "the reader captures");
            agent.Signal(Signals.Kill);
            await ProcessBench.ExitOf(agent);
            kills++;
        }

        Assert.Equal(0, (await ProcessBench.ExitOf(service)).Code);
        Assert.True(kills >= 2, $"only {kills} kills");
        using CapturedLog rest = _bench.Capture.Attach("output", pipe, log, new LogSettings { MaxSize = 300_000, Keep = 10000 });
        rest.Drain();
        Assert.Equal(bytes / LineLength, CaptureBench.CountNumbered(CaptureBench.Everything(log)));

        int FileCount() => Directory.GetFiles(_bench.Processes.Folder, "output.log*").Length;
    }

    [Fact]
    public async Task A_line_of_200_MB_passes_through_in_little_memory_and_bounded_files()
    {
        // Captured by a process of its own: the memory of this one is everybody's.
        string pipe = _bench.PathOf("long.pipe");
        string log = _bench.PathOf("long.log");
        ChildProcess agent = Keeper(pipe, log);
        await ProcessBench.Until(() => File.Exists(log), "it captures");
        long before = PeakMemory(agent);
        using LogPipe held = LogPipe.Open(pipe);
        using (var output = held.OpenForService())
        {
            ChildProcess child = _bench.Processes.Spawn(ProcessBench.Shell("head -c 200000000 /dev/zero | tr '\\0' x; echo; echo end") with
            {
                StandardOutput = output,
            });
            Assert.Equal(0, (await child.Exited.WaitAsync(Patience.Limit)).Code);
        }

        await ProcessBench.Until(() => Length() == 200_000_005, "all of it is in the files");
        Assert.True(PeakMemory(agent) - before < 32 << 20);
        agent.Signal(Signals.Kill);
        await ProcessBench.ExitOf(agent);
        Assert.All(Files(), file => Assert.InRange(new FileInfo(file).Length, 0, 300_000 + RotatingLog.LongestKeptLine + 64 * 1024));
        List<string> lines = [];
        await foreach (var line in new LogReader(new LogSource { Service = "long", Path = log },
            new Lazy<FileChanges>()).LinesAsync(new LogQuery()))
            lines.Add(line.Text);
        Assert.Equal(["end"], lines[1..]);
        Assert.EndsWith("x [... 199934464 more bytes]", lines[0]);

        string[] Files() => Directory.GetFiles(_bench.Processes.Folder, "long.log*");
        long Length() => Files().Sum(file => new FileInfo(file) is { Exists: true } info ? info.Length : 0);
    }

    [Fact]
    public async Task A_service_that_closes_its_output_does_no_harm_and_costs_nothing()
    {
        CapturedLog log = _bench.Attach("closed", new LogSettings());
        ChildProcess child = _bench.Spawn(log, ProcessBench.Shell("echo before; exec >&- 2>&-; sleep 60"));
        await ProcessBench.Until(() => File.Exists(log.FilePath) && new FileInfo(log.FilePath).Length == 7, "the line is there");
        TimeSpan before = CaptureThreadTime();
        await Task.Delay(300);
        Assert.True(CaptureThreadTime() - before <= TimeSpan.FromMilliseconds(20), "the capture spins");
        child.Signal(Signals.Kill);
        await ProcessBench.ExitOf(child);
        Assert.Equal("before\n", File.ReadAllText(log.FilePath));
    }

    [Fact]
    public async Task Everything_written_before_the_end_of_a_process_is_in_the_file_after_a_drain()
    {
        CapturedLog log = _bench.Attach("drained", new LogSettings { MaxSize = 1 << 30 });
        for (int i = 1; i <= 50; i++)
        {
            await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo last words")));
            log.Drain();
            Assert.Equal(i * "last words\n".Length, new FileInfo(log.FilePath).Length);
        }
    }

    [Fact]
    public async Task A_subscriber_sees_every_byte_and_one_that_throws_is_taken_off()
    {
        CapturedLog log = _bench.Attach("heard", new LogSettings { MaxSize = 2000 });
        StringBuilder heard = new();
        log.Subscribe(_ => throw new InvalidOperationException("deaf"));
        using (log.Subscribe(block => heard.Append(Encoding.UTF8.GetString(block))))
        {
            await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("seq 1 5000")));
            log.Drain();
        }

        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo unheard")));
        log.Drain();
        Assert.Equal(string.Concat(Enumerable.Range(1, 5000).Select(i => $"{i}\n")), heard.ToString());
        Assert.Equal([LogProblemKind.SubscriberFailed], _bench.Problems.Select(problem => problem.Kind));
    }

    [Fact]
    public async Task Rotated_files_are_compressed_and_no_line_is_lost_by_it()
    {
        CapturedLog log = _bench.Attach("zipped", new LogSettings { MaxSize = 100_000, Keep = 1000, Compress = true });
        await ProcessBench.ExitOf(_bench.Spawn(log, Writer(4096, 1 << 20)));
        log.Drain();
        await ProcessBench.Until(
            () => Directory.GetFiles(_bench.Processes.Folder, "zipped.log*")
                .All(file => file == log.FilePath || file.EndsWith(".gz", StringComparison.Ordinal)),
            "all rotated files are compressed");
        Assert.Equal((1 << 20) / LineLength, CaptureBench.CountNumbered(CaptureBench.Everything(log.FilePath)));
        Assert.Empty(_bench.Problems);
    }

    [Fact]
    public async Task A_full_disk_is_told_once_the_service_goes_on_and_what_is_missing_is_counted()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        string disk = Directory.CreateDirectory(_bench.PathOf("disk")).FullName;
        Assert.Equal("",
            await _bench.Processes.OutputOf(ProcessBench.Program("/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk)));
        try
        {
            CapturedLog log = _bench.Attach("full", new LogSettings { MaxSize = 1 << 30 }, Path.Combine(disk, "full.log"));
            long seen = 0;
            log.Subscribe(block => Interlocked.Add(ref seen, block.Length));
            Assert.Equal(0, (await ProcessBench.ExitOf(_bench.Spawn(log, Writer(4096, 8 << 20)))).Code);
            log.Drain();
            Assert.Equal([LogProblemKind.WriteFailed], _bench.Problems.Select(problem => problem.Kind));
            Assert.Contains("No space left", _bench.Problems.Single().Message);
            Assert.Equal(8 << 20, seen);

            File.WriteAllBytes(log.FilePath, File.ReadAllBytes(log.FilePath)[..500_000]);
            await Task.Delay(1100);
            await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo there is space again")));
            log.Drain();
            LogProblem recovered = _bench.Problems.Last();
            Assert.Equal(LogProblemKind.WriteRecovered, recovered.Kind);
            Assert.InRange(recovered.DroppedBytes, 7 << 20, 8 << 20);
            Assert.EndsWith("\nthere is space again\n", File.ReadAllText(log.FilePath));
            Assert.Equal(2, _bench.Problems.Count);
            log.Dispose();
        }
        finally
        {
            await _bench.Processes.OutputOf(ProcessBench.Program("/bin/umount", "-l", disk));
        }
    }

    [Fact]
    public async Task A_log_folder_that_can_not_be_written_is_told_once_and_the_log_begins_when_it_can()
    {
        // A file where the folder should be: permissions mean nothing to root.
        string folder = _bench.PathOf("folder");
        File.WriteAllText(folder, "");
        CapturedLog log = _bench.Attach("barred", new LogSettings(), Path.Combine(folder, "barred.log"));
        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("seq 1 100")));
        log.Drain();
        Assert.Equal([LogProblemKind.WriteFailed], _bench.Problems.Select(problem => problem.Kind));

        File.Delete(folder);
        Directory.CreateDirectory(folder);
        await Task.Delay(1100);
        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo now")));
        log.Drain();
        Assert.Equal("now\n", File.ReadAllText(log.FilePath));
        Assert.Equal((292L, 100L), (_bench.Problems.Last().DroppedBytes, _bench.Problems.Last().DroppedLines));
    }

    [Fact]
    public async Task The_files_of_a_service_that_prints_nothing_are_there_and_closed()
    {
        CapturedLog log = _bench.Attach("silent", new LogSettings());
        log.BeginGeneration(1);
        Assert.True(File.Exists(log.FilePath));
        Assert.Empty(OpenFiles());

        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo one")));
        log.Drain();
        Assert.Contains(log.FilePath, OpenFiles());
        log.BeginGeneration(2);
        Assert.Empty(OpenFiles());

        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo two")));
        log.Drain();
        Assert.Equal("one\ntwo\n", File.ReadAllText(log.FilePath));

        string[] OpenFiles() => [.. Directory.GetFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>()
            .Where(target =>
                target.StartsWith(Path.ChangeExtension(log.FilePath, null), StringComparison.Ordinal)
                    && !target.EndsWith(".pipe", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task A_log_that_was_deleted_truncated_or_moved_away_by_somebody_is_written_on()
    {
        CapturedLog log = _bench.Attach("meddled", new LogSettings());
        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo one")));
        log.Drain();
        File.Delete(log.FilePath);
        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo two")));
        log.Drain();
        Assert.Equal("two\n", File.ReadAllText(log.FilePath));
        File.WriteAllText(log.FilePath, "");
        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo three")));
        log.Drain();
        Assert.Equal("three\n", File.ReadAllText(log.FilePath));
        File.Move(log.FilePath, log.FilePath + "-20261129");
        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo four")));
        log.Drain();
        Assert.Equal("four\n", File.ReadAllText(log.FilePath));
        Assert.Equal("three\n", File.ReadAllText(log.FilePath + "-20261129"));
    }

    private static ProcessSpec Writer(int block, long bytes) => Program("write", $"{block}", $"{bytes}");

    private static ProcessSpec Program(params string[] arguments) => ProcessBench.Program(CaptureBench.Program, arguments) with
    {
        Environment = new Dictionary<string, string> { ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "" },
    };

    private ChildProcess Keeper(string pipe, string log) => _bench.Processes.Spawn(Program("keep", pipe, log, "300000", "10000"));

    private static long PeakMemory(ChildProcess process) =>
        1024 * long.Parse(
            File.ReadLines($"/proc/{process.Pid}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    private static TimeSpan CaptureThreadTime()
    {
        foreach (string thread in Directory.GetDirectories("/proc/self/task"))
        {
            if (File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd() == "log capture")
            {
                string[] fields = File.ReadAllText(Path.Combine(thread, "stat")).Split(") ")[1].Split(' ');
                return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11]) + long.Parse(fields[12])));
            }
        }

        throw new InvalidOperationException("There is no capture thread.");
    }
}
