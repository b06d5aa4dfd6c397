using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceCtl.Tests.Fuzz;

/// <summary>One target, for some time. Runs in a process of its own: an input that ends it is on disk already.</summary>
internal sealed partial class Run(string name, IFuzzTarget target, Settings settings)
{
    private const int MostKept = 2000;
    private const int MostFaults = 10;

    /// <summary>Of processor time, for one input: it does not grow where the machine is busy with something else.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    /// <summary>Of any kind of time. What takes this long never ends.</summary>
    private static readonly TimeSpan Endless = TimeSpan.FromMinutes(3);

    private const long MostAllocated = 700L << 20;

    private readonly HashSet<string> _outcomes = [];
    private readonly List<byte[]> _pool = [];
    private int _inputs;
    private int _faults;

    /// <returns>Whether there was no fault.</returns>
    public async Task<bool> RunAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        IEnumerable<string> kept = Directory.Exists(settings.CorpusOf(name))
            ? Directory.GetFiles(settings.CorpusOf(name)).Order(StringComparer.Ordinal) : [];
        byte[][] corpus = [.. kept.Select(File.ReadAllBytes), .. target.Seeds];
        if (corpus.Length == 0)
            throw new FaultException($"There is no corpus in {settings.CorpusOf(name)}.");
        foreach (var input in corpus)
            await TryAsync(input);
        _pool.AddRange(corpus);
        var mutator = new Mutator(new Random(settings.Seed), target.Dictionary);
        while (clock.Elapsed < time && _faults < MostFaults)
            await TryAsync(mutator.Next(_pool));
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"{name}: {_inputs} inputs, {_outcomes.Count} outcomes, {_faults} faults, {clock.Elapsed.TotalSeconds:0} s, seed "
                    + $"{settings.Seed}"));
        return _faults == 0;
    }

    private async Task TryAsync(byte[] input)
    {
        _inputs++;
        // Whatever ends this process leaves the input there.
        await File.WriteAllBytesAsync(settings.Current(name), input);
        var processor = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes();
        try
        {
            var outcome = await target.RunAsync(input).WaitAsync(Endless);
            if (Environment.CpuUsage.TotalTime - processor is var used && used > Slow)
                throw new FaultException($"It took {used.TotalSeconds:0.0} s of processor time.");
            if (GC.GetTotalAllocatedBytes() - allocated is var bytes and > MostAllocated)
                throw new FaultException($"It took {bytes >> 20} MiB of memory.");
            if (_outcomes.Count < MostKept && _outcomes.Add(Kind(outcome)))
                _pool.Add(input);
        }
        catch (Exception fault)
        {
            _faults++;
            settings.Keep(name, input, fault.ToString());
            if (fault is TimeoutException)
                Environment.Exit(1); // it still runs
        }
    }

    /// <summary>Without what belongs to this very input.</summary>
    private static string Kind(string outcome) => Particular().Replace(outcome.Length > 300 ? outcome[..300] : outcome, "");

    [GeneratedRegex("[`'\"][^`'\"]*[`'\"]|[0-9]+")]
    private static partial Regex Particular();
}
