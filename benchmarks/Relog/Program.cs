using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ServiceCtl.Benchmarks.Relog;

// relog-bench SERVICECTL PEERS          the measurement; PEERS is the folder of relog.awk and relog.py
// relog-bench generate FILE BYTES       only the log

const long size = 1L << 30;
const int runs = 5;

if (args is ["generate", var file, var bytes])
{
    Truth made = LogWriter.Write(file, long.Parse(bytes, CultureInfo.InvariantCulture));
    Console.WriteLine(
        $"{made.Lines} lines, {made.Dropped} dropped, {made.InternalErrors} internal errors, {made.Exceptions} exceptions of "
            + $"{made.Groups.Count} kinds");
    return 0;
}

string servicectl = args[0], peers = args[1];
string folder = Directory.CreateTempSubdirectory("servicectl-bench-").FullName;
try
{
    string log = Path.Combine(folder, "uwsgi.log"), small = Path.Combine(folder, "small.log"), results = Path.Combine(folder, "results");
    Truth truth = LogWriter.Write(log, size), less = LogWriter.Write(small, size / 2);
    Console.WriteLine(
        $"{truth.Bytes / 1e6:0} MB: {truth.Lines} lines, of them {truth.Dropped} to drop; {truth.InternalErrors} internal errors, "
            + $"{truth.Exceptions} exceptions of {truth.Groups.Count} kinds");

    string errors = Path.Combine(folder, "errors"), exceptions = Path.Combine(folder, "exceptions");
    bool right = Show("servicectl relog", truth, () => Run(servicectl, "relog", "--path", log, "--destination", results, "--json"), IsRight,
        () => Directory.Delete(results, recursive: true));
    right &= Show("servicectl relog, half of it", less, () => Run(servicectl, "relog", "--path", small, "--destination", results, "--json"),
        IsRight, () => Directory.Delete(results, recursive: true));
    right &= Show("mawk", truth,
        () => Run("mawk", "-v", $"errors={errors}", "-v", $"exceptions={exceptions}", "-f", Path.Combine(peers, "relog.awk"), log),
        IsRightTable, () => { });
    right &= Show("python3", truth, () => Run("/usr/bin/python3", Path.Combine(peers, "relog.py"), log, errors, exceptions),
        IsRightTable, () => { });
    Show("wc -l, which does none of the work", truth, () => Run("wc", "-l", log), (_, _) => true, () => { });
    return right ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static bool Show(string name, Truth truth, Func<(string Output, TimeSpan Took, long Memory)> run, Func<string, Truth, bool> isRight,
    Action clean)
{
    List<TimeSpan> times = [];
    bool right = true;
    long memory = 0;
    for (int i = 0; i < runs; i++)
    {
        var (output, took, peak) = run();
        clean();
        times.Add(took);
        right &= isRight(output, truth);
        memory = Math.Max(memory, peak);
    }

    times.Sort();
    Console.WriteLine(
        $"{name,-36} {truth.Bytes / times[runs / 2].TotalSeconds / 1e6,6:0} MB/s (best {truth.Bytes / times[0].TotalSeconds / 1e6:0}), at "
            + $"most {memory / 1e6,4:0} MB of memory, {(right ? "counts right" : "COUNTS WRONG")}");
    string work = truth.Bytes < size * 3 / 4 ? "relog of half" : "relog of 1 GB";
    Record($"{work}{(right ? ", counts right" : "")} (MB/s)", name, truth.Bytes / times[runs / 2].TotalSeconds / 1e6);
    Record($"{work}, memory (MB)", name, memory / 1e6);
    return right;
}

// For the closing table of all benchmarks; see figures.py.
static void Record(string work, string who, double figure)
{
    if (Environment.GetEnvironmentVariable("SERVICECTL_BENCH_FIGURES") is { Length: > 0 } path)
        File.AppendAllText(path,
            string.Create(CultureInfo.InvariantCulture,
                $"{work}\t{(who.StartsWith("servicectl", StringComparison.Ordinal) ? "ServiceCtl" : who)}\t{figure}\n"));
}

static (string Output, TimeSpan Took, long Memory) Run(string program, params string[] arguments)
{
    ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, Environment = { ["LC_ALL"] = "C" } };
    long began = Stopwatch.GetTimestamp();
    using Process process = Process.Start(start)!;
    Task<string> output = process.StandardOutput.ReadToEndAsync();
    long memory = 0;
    // The kernel keeps the peak; it is gone with the process.
    while (!process.WaitForExit(50))
        memory = Math.Max(memory, PeakOf(process.Id));
    TimeSpan took = Stopwatch.GetElapsedTime(began);
    return (output.Result, took, memory);
}

static long PeakOf(int pid)
{
    try
    {
        string line = File.ReadLines($"/proc/{pid}/status")
            .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) ?? "0";
        return long.Parse(string.Concat(line.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture) * 1024;
    }
    catch (IOException)
    {
        return 0;
    }
}

static bool IsRight(string json, Truth truth)
{
    using JsonDocument document = JsonDocument.Parse(json);
    JsonElement report = document.RootElement[0];
    return truth.Equals(
        report.GetProperty("linesProcessed").GetInt64(), report.GetProperty("linesIgnored").GetInt64(),
        report.GetProperty("internalErrors").GetInt64(),
        report.GetProperty("exceptions").GetInt64(),
        report.GetProperty("groups").EnumerateArray().ToDictionary(
            group => (group.GetProperty("type").GetString()!, FrameOf(group.GetProperty("place").GetString()!)),
            group => group.GetProperty("count").GetInt64()));
}

// /srv/x.py:12 in f
static string FrameOf(string place)
{
    int colon = place.LastIndexOf(':');
    string[] parts = place[(colon + 1)..].Split(" in ");
    return $"  File \"{place[..colon]}\", line {parts[0]}{(parts.Length > 1 ? $", in {parts[1]}" : "")}";
}

static bool IsRightTable(string table, Truth truth)
{
    string[][] rows = [.. table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    long[] sums = [.. rows[0].Select(long.Parse)];
    return truth.Equals(sums[0], sums[1], sums[2], sums[3],
        rows[1..].ToDictionary(row => (row[0], row[1]), row => long.Parse(row[2], CultureInfo.InvariantCulture)));
}
