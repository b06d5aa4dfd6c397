using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Relog;

namespace ServiceCtl.Tests.Unit.Logs.Relog;

/// <summary>What relog makes of some logs. Bytes are shown as Latin-1, so that none is lost.</summary>
internal sealed record Sorted(string Exceptions, string InternalErrors, RelogReport Report)
{
    /// <summary>Sorts files of a folder of its own, given as their names and contents.</summary>
    public static Sorted Of(int chunk, int workers, params (string Name, byte[] Content)[] files)
    {
        string folder = Directory.CreateTempSubdirectory("relog-").FullName;
        try
        {
            foreach (var (name, content) in files)
                File.WriteAllBytes(Path.Combine(folder, name), content);
            return Of(chunk, workers, folder, [.. files.Select(file => Path.Combine(folder, file.Name))]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static Sorted Of(int chunk, int workers, string folder, IReadOnlyList<string> paths)
    {
        string results = Path.Combine(folder, "results");
        RelogSession session = new(new RelogPlan { Files = paths, Results = results, IsFinal = true }, TimeProvider.System,
            new ChunkReader(chunk, workers));
        RelogReport report = session.Run(emptyFirst: false, text => text, progress: null, CancellationToken.None);
        return new Sorted(Read("exceptions.log"), Read("internal_errors.log"), report);

        string Read(string name) => Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(results, name)));
    }

    public static Sorted Of(string log) => Of(ChunkReader.DefaultChunk, 1, ("uwsgi.log", Encoding.UTF8.GetBytes(log)));

    /// <summary>The lines of both results without the headers.</summary>
    public IEnumerable<string> Lines =>
        Exceptions.Split('\n').Concat(InternalErrors.Split('\n')).Where(line => !line.StartsWith("--- [", StringComparison.Ordinal));
}
