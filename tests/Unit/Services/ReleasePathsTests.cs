using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Services;

public sealed class ReleasePathsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("releases-").FullName;

    public ReleasePathsTests()
    {
        Directory.CreateDirectory(In("releases/1/api"));
        Directory.CreateDirectory(In("shared/run"));
        SymbolicLink.Point(In("current"), "releases/1");
        SymbolicLink.Point(In("releases/1/run"), "../../shared/run");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_last_link_on_the_way_is_the_release_s()
    {
        var place = ReleasePlace.Of(In("current/api"));

        Assert.Equal(new ReleasePlace(In("current"), In("releases/1")), place);
        Assert.Equal(In("releases/1/api/app.py"), place!.Resolve(In("current/api/app.py")));
        Assert.Equal(In("current/api/app.py"), place.Through(In("releases/1/api/app.py")));
        Assert.Equal(In("currently"), place.Resolve(In("currently")));
    }

    [Fact]
    public void Without_a_link_or_with_one_that_leads_nowhere_there_is_no_release()
    {
        Assert.Null(ReleasePlace.Of(In("releases/1/api")));
        Directory.Move(In("releases"), In("gone"));
        Assert.Null(ReleasePlace.Of(In("current")));
    }

    [Fact]
    public void Links_that_lead_in_a_circle_lead_nowhere()
    {
        File.CreateSymbolicLink(In("a"), "b");
        File.CreateSymbolicLink(In("b"), "a");

        Assert.Null(ReleasePlace.RealPathOf(In("a/file")));
    }

    [Theory]
    [InlineData("/srv/x/current", "/srv/x/releases/1")]
    [InlineData("/srv/x/current/app.py", "/srv/x/releases/1/app.py")]
    [InlineData("--chdir=/srv/x/current --file=/srv/x/current/a", "--chdir=/srv/x/releases/1 --file=/srv/x/releases/1/a")]
    [InlineData("/srv/x/current/lib:/srv/x/current/more", "/srv/x/releases/1/lib:/srv/x/releases/1/more")]
    [InlineData("/srv/x/currently", "/srv/x/currently")]
    [InlineData("/srv/x/current.old", "/srv/x/current.old")]
    [InlineData("/mnt/srv/x/current", "/mnt/srv/x/current")]
    [InlineData("run/x.sock", "run/x.sock")]
    public void Whole_paths_through_the_link_are_taken_to_the_release(string written, string taken) =>
        Assert.Equal(taken, ReleasePaths.Take(new ReleasePlace("/srv/x/current", "/srv/x/releases/1"), written));

    [Fact]
    public async Task A_path_that_leaves_the_release_starts_where_the_link_is()
    {
        File.WriteAllText(In("releases/1/config.yaml"),
            "service: {runner: gunicorn, app: 'a:b'}\nenv_directory: ../shared/venv\ndirectories_to_create: [log, CURRENT/tmp]\n"
                .Replace("CURRENT", In("current"), StringComparison.Ordinal));

        var reading = await ServiceDefinitionReader.ReadReleaseAsync(In("current/config.yaml"), "web", CancellationToken.None);

        Assert.Equal((In("releases/1"), In("releases/1/config.yaml")), (reading.Definition.Folder, reading.Definition.ConfigPath));
        Assert.Equal(In("shared/venv"), reading.Definition.VirtualEnvironment);
        Assert.Equal([In("releases/1/log"), In("releases/1/tmp")], reading.Definition.DirectoriesToCreate);
        Assert.Equal(new ReleasePlace(In("current"), In("releases/1")), reading.Definition.Release);
    }

    [Fact]
    public void Releases_that_share_the_folder_of_a_socket_have_one_address()
    {
        var place = ReleasePlace.Of(In("current"))!;
        Assert.True(ListenAddress.TryParse(In("releases/1/run/x.sock"), "/", out var shared));
        Assert.True(ListenAddress.TryParse(In("releases/1/x.sock"), "/", out var own));

        Assert.Equal(In("shared/run/x.sock"), shared.In(place).UnixPath);
        Assert.Equal(In("releases/1/x.sock"), own.In(place).UnixPath);
    }

    private string In(string name) => Path.Combine(_root, name);
}
