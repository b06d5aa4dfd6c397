using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Sources;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class FileSearchTests : IDisposable
{
    private readonly ProjectFolder _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("*.yaml", "a.yaml", true)]
    [InlineData("*.yaml", "x/y/a.yaml", true)]
    [InlineData("/*.yaml", "x/a.yaml", false)]
    [InlineData("./*.yaml", "a.yaml", true)]
    [InlineData("x/*.yaml", "x/a.yaml", true)]
    [InlineData("x/*.yaml", "x/y/a.yaml", false)]
    [InlineData("x/**/*.yaml", "x/a.yaml", true)]
    [InlineData("**/y/**/a.yaml", "x/y/z/z/a.yaml", true)]
    [InlineData("**/**/a.yaml", "a.yaml", true)]
    [InlineData("{a,b{1,2}}.yaml", "b2.yaml", true)]
    [InlineData("{a,b}/{c,d}.yaml", "b/c.yaml", true)]
    [InlineData("[a-c]?.yaml", "b1.yaml", true)]
    [InlineData("[!a-c]?.yaml", "b1.yaml", false)]
    [InlineData("a.yaml", "aXyaml", false)]
    [InlineData("*", ".env", false)]
    [InlineData(".*", ".env", true)]
    [InlineData("**/a", ".git/a", false)]
    [InlineData("regex:\\.ya?ml$", "x/a.yml", true)]
    public void A_pattern_selects_by_the_path(string pattern, string path, bool expected) =>
        Assert.Equal(expected, FilePattern.Parse(pattern).IsMatch(path));

    [Theory]
    [InlineData("config/**/main.yaml", "config", true)]
    [InlineData("config/**/main.yaml", "config/x/y", true)]
    [InlineData("config/**/main.yaml", "other", false)]
    [InlineData("config/*.yaml", "config/x", false)]
    [InlineData("*.yaml", "node_modules", true)]
    [InlineData("*.yaml", ".git", false)]
    [InlineData("regex:x", ".git", false)]
    public void Folders_where_nothing_can_be_are_not_looked_into(string pattern, string folder, bool expected) =>
        Assert.Equal(expected, FilePattern.Parse(pattern).MayMatchBelow(folder));

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("{a,b")]
    [InlineData("../*.yaml")]
    [InlineData("regex:(")]
    [InlineData("[z-a].yaml")]
    [InlineData("{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}")]
    public void A_pattern_that_can_not_be_understood_is_refused(string pattern) =>
        Assert.Throws<FormatException>(() => FilePattern.Parse(pattern));

    [Fact]
    public void A_later_pattern_takes_away() =>
        Assert.Equal(["a.yaml"], _project.With("a.yaml", "").With("b.yaml", "").With("x/b.yaml", "").Find("*.yaml", "!b.yaml"));

    [Fact]
    public void Links_are_followed_and_circles_end()
    {
        _project.With("real/a.yaml", "");
        Directory.CreateSymbolicLink(_project["config"], _project["real"]);
        Directory.CreateSymbolicLink(_project["real/again"], _project.Path);
        Directory.CreateSymbolicLink(_project["real/self"], _project["real/self"]);
        Directory.CreateSymbolicLink(_project["real/gone"], _project["nowhere"]);

        Assert.Equal(["config/a.yaml"], _project.Find("config/**/*.yaml"));
    }

    [Fact]
    public void A_file_name_that_is_as_long_as_can_be_takes_no_time() =>
        Assert.False(FilePattern.Parse("*a*a*a*a*a*a*a*a*a*a*b").IsMatch(new string('a', 255)));

    [Fact]
    public void A_folder_that_is_not_there_has_no_files() =>
        Assert.Empty(
            SearchPlace.FindAll(SearchPlace.Usual, _project["nowhere"], new SearchTrace(), new ProblemList(), CancellationToken.None));

    [Fact]
    public void The_trail_of_a_file_has_each_link_on_its_way()
    {
        _project.With("v1/config.yaml", "a: 1");
        Directory.CreateSymbolicLink(_project["..data"], "v1");
        File.CreateSymbolicLink(_project["config.yaml"], "..data/config.yaml");

        var trail = WatchPoints.Of(_project["config.yaml"]);

        Assert.Equal(
            new HashSet<(string, string)>
            {
                (_project.Path, "config.yaml"), (_project.Path, "..data"), (_project["v1"], "config.yaml"), (_project.Path, "v1"),
            },
            trail);
    }

    [Fact]
    public void The_trail_of_a_circle_ends()
    {
        File.CreateSymbolicLink(_project["a"], "b");
        File.CreateSymbolicLink(_project["b"], "a");

        Assert.Contains((_project.Path, "a"), WatchPoints.Of(_project["a"]));
    }
}
