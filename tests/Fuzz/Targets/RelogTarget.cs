using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Fuzz.Targets;

/// <summary>A log that is sorted, twice: as it is, and as what claims to be a compressed one.</summary>
internal sealed class RelogTarget : IFuzzTarget
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-fuzz-").FullName;

    public IReadOnlyList<string> Dictionary { get; } =
    [
        "Traceback (most recent call last):\n", "  File \"/srv/a.py\", line 3, in f\n", "ValueError: x\n",
        "During handling of the above exception, another exception occurred:\n",
        "[pid: 17|app: 0|req: 1/1] 127.0.0.1 () {28 vars in 300 bytes} [Sun Nov 29 21:00:00 2026] GET /x => generated 4 bytes in 1 msecs "
            + "(HTTP/1.1 500)\n", "*** HARAKIRI ON WORKER 1", "2026-11-29 21:00:00,123 ERROR x\n",
        "  + Exception Group Traceback (most recent call last):\n", "  | ", "  +-+---------------- 1 ----------------\n",
        "!!! uWSGI process 17 got Segmentation Fault !!!\n", "\u001f\u008b",
    ];

    public async Task<string> RunAsync(byte[] input)
    {
        foreach (var old in Directory.GetFiles(_folder))
            File.Delete(old);
        var plain = Path.Combine(_folder, "a.log");
        await File.WriteAllBytesAsync(plain, input);
        var first = await RelogVerbs.SortFilesAsync([plain], _folder, emptyFirst: true, progress: null, CancellationToken.None);
        var again = await RelogVerbs.SortFilesAsync([plain], _folder, emptyFirst: false, progress: null, CancellationToken.None);
        if (again.LinesWritten != 0)
            throw new FaultException($"{again.LinesWritten} lines were written twice.");
        if (input is [0x1f, 0x8b, ..])
        {
            var compressed = Path.Combine(_folder, "b.log.gz");
            await File.WriteAllBytesAsync(compressed, input);
            await RelogVerbs.SortFilesAsync([compressed], destination: null, emptyFirst: false, progress: null, CancellationToken.None);
        }

        return Describe(first);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string Describe(RelogReport report) =>
        $"{report.Exceptions > 0} {report.Incidents > 0} {report.InternalErrors > 0} {report.Uncertain > 0} "
            + $"{string.Join(' ', report.Groups.Select(group => group.Type).Distinct().Take(3))} {report.Problems.Count}";
}
