using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Commands;

public sealed class PowerShellModuleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    private string Modules => Path.Combine(_folder, "modules");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_module_is_linked_once_or_twice_and_replaces_the_link_to_another_version()
    {
        var (first, second) = (Make("one"), Make("two"));

        var link = first.Link(Modules);

        Assert.Equal(link, first.Link(Modules));
        Assert.Equal(link, second.Link(Modules));
        Assert.Equal(second.Folder, new FileInfo(link).LinkTarget);
        Assert.Equal([link], Directory.GetFileSystemEntries(Modules));
        // Only its own link is a module's to remove.
        Assert.Null(first.Unlink(Modules));
        Assert.Equal(link, second.Unlink(Modules));
        Assert.Empty(Directory.GetFileSystemEntries(Modules));
    }

    [Fact]
    public void A_module_that_is_no_link_is_left_alone()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(Modules, "ServiceCtl")).FullName, "ServiceCtl.psd1");
        File.WriteAllText(file, "theirs");

        var error = Assert.Throws<ServiceCtlException>(() => Make("one").Link(Modules));

        Assert.Equal(ErrorCode.FileExists, error.Code);
        Assert.Equal("theirs", File.ReadAllText(file));
    }

    [Fact]
    public void A_command_without_a_module_says_so() =>
        Assert.Equal(ErrorCode.InvalidState,
            Assert.Throws<ServiceCtlException>(() => new PowerShellModule(Path.Combine(_folder, "bin", "servicectl")).Link(Modules)).Code);

    private PowerShellModule Make(string version)
    {
        var dependencies = Directory.CreateDirectory(Path.Combine(_folder, version, "ServiceCtl", "Dependencies")).FullName;
        File.WriteAllText(Path.Combine(_folder, version, "ServiceCtl", "ServiceCtl.psd1"), "");
        return new PowerShellModule(Path.Combine(dependencies, "servicectl"));
    }
}
