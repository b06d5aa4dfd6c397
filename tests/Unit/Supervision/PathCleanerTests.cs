using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Tests.Unit.Supervision;

public sealed class PathCleanerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_go_folders_are_emptied_and_links_are_never_followed()
    {
        var precious = Directory.CreateDirectory(Path.Combine(_folder, "precious"));
        File.WriteAllText(Path.Combine(precious.FullName, "data"), "x");
        var tmp = Directory.CreateDirectory(Path.Combine(_folder, "tmp"));
        Directory.CreateDirectory(Path.Combine(tmp.FullName, "inner", "deeper"));
        File.SetUnixFileMode(Path.Combine(tmp.FullName, "inner"), UnixFileMode.UserRead);
        Directory.CreateSymbolicLink(Path.Combine(tmp.FullName, "link"), precious.FullName);
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "x");
        var linked = Path.Combine(_folder, "linked");
        Directory.CreateSymbolicLink(linked, precious.FullName);

        Assert.Empty(PathCleaner.Clear(Of(tmp.FullName, file, linked, Path.Combine(_folder, "never-was"))));

        Assert.Empty(tmp.EnumerateFileSystemInfos());
        Assert.False(File.Exists(file));
        Assert.False(Directory.Exists(linked));
        Assert.True(File.Exists(Path.Combine(precious.FullName, "data")));
    }

    private static ServiceDefinition Of(params string[] paths) =>
        new() { Name = "web", Folder = "/srv/web", ConfigPath = "/srv/web/config.yaml", Runner = "command", PathsToDelete = paths };
}
