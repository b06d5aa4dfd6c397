using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

/// <summary>The names under which sockets wait for the path of a Unix socket.</summary>
public sealed class UnixSocketBesideTests
{
    [Theory]
    [InlineData("/run/web.sock", "/run/web.sock", true)]
    [InlineData("/run/.web.sock~1", "/run/web.sock", true)]
    [InlineData("/run/.web.sock~27", "/run/web.sock", true)]
    [InlineData("/run/..web~1", "/run/.web", true)]
    [InlineData("/run/.a~b~3", "/run/a~b", true)]
    [InlineData("/var/.web.sock~1", "/run/web.sock", false)]
    [InlineData("/run/.web.sock~", "/run/web.sock", false)]
    [InlineData("/run/.web.sock~1+", "/run/web.sock", false)]
    [InlineData("/run/.web.sock~-1", "/run/web.sock", false)]
    [InlineData("/run/web.sock~1", "/run/web.sock", false)]
    [InlineData("/run/.~1", "/run/", false)]
    [InlineData("@web", "/run/web.sock", false)]
    public void A_socket_belongs_to_the_path_that_it_was_bound_to_or_beside(string bound, string path, bool belongs) =>
        Assert.Equal(belongs, UnixSocketBeside.Belongs(bound, path));

    [Fact]
    public void A_name_that_is_taken_or_too_long_is_not_chosen()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "web.sock");
            Assert.Equal(Path.Combine(folder.FullName, ".web.sock~1"), UnixSocketBeside.Find(path));
            File.WriteAllText(Path.Combine(folder.FullName, ".web.sock~1"), "");
            Assert.Equal(Path.Combine(folder.FullName, ".web.sock~2"), UnixSocketBeside.Find(path));
            Assert.Equal([Path.Combine(folder.FullName, ".web.sock~1")], UnixSocketBeside.FilesOf(path));
            Assert.Null(UnixSocketBeside.Find(Path.Combine(folder.FullName, new string('s', 106 - folder.FullName.Length))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
