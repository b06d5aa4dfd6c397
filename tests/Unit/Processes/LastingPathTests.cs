using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class LastingPathTests : IDisposable
{
    private readonly string _prefix = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_prefix, recursive: true);

    [Fact]
    public void A_program_is_named_by_the_link_that_its_next_version_takes_over()
    {
        var program = Make("lib/tool/1.0-7/Dependencies/tool");
        Assert.Equal(program, LastingPath.Of(program));

        Directory.CreateSymbolicLink(Path.Combine(_prefix, "lib/tool/current"), "1.0-7");
        Directory.CreateDirectory(Path.Combine(_prefix, "bin"));
        var link = Path.Combine(_prefix, "bin/tool");
        File.CreateSymbolicLink(link, Path.Combine(_prefix, "lib/tool/current/Dependencies/tool"));

        Assert.Equal(link, LastingPath.Of(program));
        // Another version's link is not this one's.
        Assert.Equal(Make("lib/tool/2.0-8/Dependencies/tool"), LastingPath.Of(Path.Combine(_prefix, "lib/tool/2.0-8/Dependencies/tool")));
    }

    private string Make(string name)
    {
        var path = Path.Combine(_prefix, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, name);
        return path;
    }
}
