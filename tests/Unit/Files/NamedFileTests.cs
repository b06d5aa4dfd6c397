using ServiceCtl.Engine.Files;

namespace ServiceCtl.Tests.Unit.Files;

public sealed class NamedFileTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_folder_made_in_the_one_for_temporary_files_is_for_nobody_else_to_write_to()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "what others make there has their own umask");
        var made = Path.Combine(_folder, "wheels");

        NamedFile.MakeFolder(made);
        NamedFile.Replace(Path.Combine(made, "shop"), "text"u8.ToArray(), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        Assert.All([made, _folder], folder => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder) & Others));
        Assert.Equal("text", File.ReadAllText(Path.Combine(made, "shop")));
    }
}
