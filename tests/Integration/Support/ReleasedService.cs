using System.Globalization;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>A service that is deployed as releases: its folder is the link <c>current</c>, which is moved from one to the next.</summary>
public sealed class ReleasedService : LocalService
{
    private readonly string _root;

    /// <param name="home">Where it lives.</param>
    /// <param name="name">Its name.</param>
    /// <param name="config">Its configuration; <c>PORT</c> stands for its port, <c>CURRENT</c> for the link, and <c>RELEASE</c> for the
    /// number of the release.</param>
    /// <param name="app">Its app.py, with <c>RELEASE</c>.</param>
    public ReleasedService(Home home, string name, string config, string app = App)
        : base(home, name, Path.Combine(home.Folder($"{name}-deploys"), "current"), FreePort())
    {
        _root = Path.GetDirectoryName(Folder)!;
        foreach (var number in (int[])[1, 2])
        {
            var release = Directory.CreateDirectory(ReleaseFolder(number)).FullName;
            var port = Port.ToString(CultureInfo.InvariantCulture);
            string Fill(string text) => text.Replace("PORT", port, StringComparison.Ordinal)
                .Replace("CURRENT", Folder, StringComparison.Ordinal)
                .Replace("RELEASE", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(release, "config.yaml"), $"SERVICE_NAME: {name}\n{Fill(config)}");
            File.WriteAllText(Path.Combine(release, "app.py"), Fill(app));
        }

        Publish(1);
    }

    private const string App = """
        def app(environ, start_response):
            body = b'vRELEASE'
            start_response('200 OK', [('Content-Length', str(len(body)))])
            return [body]
        """;

    public string ReleaseFolder(int number) => Path.Combine(_root, "releases", number.ToString(CultureInfo.InvariantCulture));

    public void ReplaceIn(int number, string file, string text, string by)
    {
        var path = Path.Combine(ReleaseFolder(number), file);
        File.WriteAllText(path, File.ReadAllText(path).Replace(text, by, StringComparison.Ordinal));
    }

    /// <summary>Moves the link in one step.</summary>
    public void Publish(int number) => SymbolicLink.Point(Folder, Path.Combine("releases", number.ToString(CultureInfo.InvariantCulture)));
}
