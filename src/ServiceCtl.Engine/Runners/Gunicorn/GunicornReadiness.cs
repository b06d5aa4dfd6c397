using System.Globalization;
using System.Text;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Runners.Gunicorn;

/// <summary>
/// What a launch's workers have left word of, through gunicorn's own hook for it (post_worker_init). One answered request would prove one
/// of them. A gunicorn that is found as a script, with an interpreter that nobody knows, is run as it is, and leaves none.
/// https://docs.gunicorn.org/en/stable/settings.html#post-worker-init
/// </summary>
internal sealed class GunicornReadiness
{
    /// <summary>The service's user could write more.</summary>
    private const int LongestWord = 1 << 20;

    private readonly string _word;
    private readonly string? _user;

    public GunicornReadiness(LaunchRequest request)
    {
        _word = Path.Combine(request.RunFolder, "workers");
        _user = request.Definition.User;
        Program = Path.Combine(request.RunFolder, GunicornOptions.Package);
    }

    /// <summary>The program that is run instead of the package. It has the package's name, by which a server is known.</summary>
    private string Program { get; }

    /// <summary>Writes that program.</summary>
    /// <returns>The server with it.</returns>
    public PythonServer Make(PythonServer server)
    {
        if (server.Leading.Count == 0)
            return server;
        using var source = new StreamReader(typeof(GunicornReadiness).Assembly.GetManifestResourceStream("gunicorn_workers.py")!);
        File.WriteAllText(Program, source.ReadToEnd());
        return server with { Leading = [Program] };
    }

    /// <summary>Have as many of a master's children loaded the application as there are to be workers?</summary>
    public Readiness Check(IEnumerable<int> children)
    {
        if (Read() is not var (wanted, loaded))
            return Readiness.Ready;
        var ready = children.Count(loaded.Contains);
        return ready >= wanted ? Readiness.Ready : Readiness.NotYet($"{ready} of {wanted} workers have loaded the application");
    }

    /// <summary>Null where nothing was written: by that kind of gunicorn, or yet.</summary>
    private (int Wanted, HashSet<int> Loaded)? Read()
    {
        try
        {
            var lines = Encoding.UTF8.GetString(UserFiles.ReadAll(_user, _word, LongestWord)).Split('\n').Select(line => line.Split(' '))
                .Where(words => words.Length == 2).ToLookup(words => words[0], words => words[1]);
            return (lines["wanted"].Select(Number).LastOrDefault(1), [.. lines["loaded"].Select(Number)]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return File.Exists(Program) ? (1, []) : null;
        }

        static int Number(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
