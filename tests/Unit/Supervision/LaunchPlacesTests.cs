using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Tests.Unit.Supervision;

public sealed class LaunchPlacesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("places-").FullName;

    public LaunchPlacesTests()
    {
        foreach (var folder in (string[])["one", "two", "venv-1", "venv-2"])
            Directory.CreateDirectory(In(folder));
        SymbolicLink.Point(In("current"), "one");
        SymbolicLink.Point(In("venv"), "venv-1");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_folder_that_stays_has_not_moved()
    {
        var places = LaunchPlaces.Of(Definition());
        File.WriteAllText(In("one/app.py"), "");

        Assert.Null(places.FindMoved(Definition()));
    }

    [Theory]
    [InlineData("current", "two")]
    [InlineData("venv", "venv-2")]
    public void A_link_that_leads_elsewhere_has_moved(string link, string target)
    {
        var places = LaunchPlaces.Of(Definition());
        SymbolicLink.Point(In(link), target);

        Assert.Equal(In(link), places.FindMoved(Definition()));
    }

    [Fact]
    public void Another_folder_with_the_name_has_moved()
    {
        var places = LaunchPlaces.Of(Definition());
        Directory.Move(In("one"), In("old"));
        Directory.Move(In("two"), In("one"));

        Assert.Equal(In("current"), places.FindMoved(Definition()));
    }

    [Fact]
    public void What_is_gone_or_was_never_known_has_not_moved()
    {
        Assert.Null(new LaunchPlaces().FindMoved(Definition()));
        var places = LaunchPlaces.Of(Definition());
        Directory.Delete(In("one"));

        Assert.Null(places.FindMoved(Definition()));
    }

    private ServiceDefinition Definition() => new()
    {
        Name = "web",
        Folder = In("current"),
        ConfigPath = In("current/config.yaml"),
        Runner = "gunicorn",
        VirtualEnvironment = In("venv"),
    };

    private string In(string name) => Path.Combine(_root, name);
}
