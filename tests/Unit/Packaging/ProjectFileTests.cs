using ServiceCtl.Contracts;
using ServiceCtl.Engine.Packaging;

namespace ServiceCtl.Tests.Unit.Packaging;

public sealed class ProjectFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("project-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("# top\n[project] # of ours\nname = \"shop\"\nversion = \"1.0\" # see changes\n[tool.x]\nversion = \"1.0\"\n")]
    [InlineData("[tool.x]\r\nversion = '1.0'\r\n[project]\r\nname = 'shop'\r\n  version  =  '1.0'\r\n")]
    [InlineData("project = {name = \"shop\", version = \"1.0\", dependencies = [\"x\"]}\n")]
    [InlineData("project.name = \"shop\"\nproject.version = \"1.0\"\n")]
    public void Only_the_version_of_the_project_is_changed(string text)
    {
        var file = Read(text);

        var changed = file.With("2.0rc1");

        Assert.Equal(("shop", "1.0"), (file.Name, file.Version));
        Assert.Equal("2.0rc1", Read(changed).Version);
        Assert.Equal(text.Length + 3, changed.Length);
        Assert.Equal(text, Read(changed).With("1.0"));
    }

    [Theory]
    [InlineData("x = 1\n", "[project]", 1)]
    [InlineData("[project]\nversion = \"1\"\n", "no name", 1)]
    [InlineData("[project]\nname = \"shop\"\n", "no version", 1)]
    [InlineData("[project]\nname = \"shop\"\nversion = 1\n", "a number", 3)]
    [InlineData("[project]\nname = \"shop\"\ndynamic = [\"version\"]\n", "dynamic", 3)]
    [InlineData("[project]\nname = \n", "", 2)]
    public void What_is_wrong_has_its_place_and_its_remedy(string text, string words, int line)
    {
        var error = Assert.Throws<ServiceCtlException>(() => Read(text).Version);

        var problem = Assert.Single(error.Report.Problems);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Equal(line, problem.Line);
        Assert.NotNull(problem.Advice);
    }

    [Fact]
    public void A_folder_without_one_is_no_project() => Assert.Equal(ErrorCode.ConfigNotFound,
        Assert.Throws<ServiceCtlException>(() => ProjectFile.Read(_folder.FullName, CancellationToken.None)).Code);

    private ProjectFile Read(string text)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "pyproject.toml"), text);
        return ProjectFile.Read(_folder.FullName, CancellationToken.None);
    }
}
