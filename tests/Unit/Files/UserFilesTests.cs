using System.Text;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Tests.Unit.Files;

public sealed class UserFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servicectl-user-files-").FullName;

    [Fact]
    public void Nobody_overwrites_what_another_has_written_since_it_was_opened()
    {
        var log = Path.Combine(_folder, "agent.log");
        using var first = UserFiles.OpenAppend(user: null, log);
        using var second = UserFiles.OpenAppend(user: null, log);

        // At offset 0: on a file that is open for appending, the kernel passes over it.
        RandomAccess.Write(first, "one\n"u8, 0);
        RandomAccess.Write(second, "two\n"u8, 0);
        RandomAccess.Write(first, "three\n"u8, 0);

        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(log, Encoding.UTF8));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
