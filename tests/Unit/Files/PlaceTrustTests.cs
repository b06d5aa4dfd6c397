using ServiceCtl.Engine.Files;

namespace ServiceCtl.Tests.Unit.Files;

public sealed class PlaceTrustTests : IDisposable
{
    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_of_ours_in_a_sticky_one_is_trusted_and_what_is_missing_in_it() =>
        Assert.All([_folder, In("file"), In("a/b/c")], place => Assert.True(PlaceTrust.IsTrusted(place), place));

    [Theory]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherWrite | UnixFileMode.StickyBit)]
    public void What_is_missing_in_a_folder_that_others_may_write_to_is_theirs_to_make(UnixFileMode mode)
    {
        Directory.CreateDirectory(In("open"));
        File.SetUnixFileMode(In("open"), Closed | UnixFileMode.OtherExecute | mode);

        Assert.False(PlaceTrust.IsTrusted(In("open/new")));
        Assert.False(PlaceTrust.IsTrusted(In("open")));
    }

    [Fact]
    public void What_is_ours_in_such_a_folder_counts_only_where_it_is_sticky()
    {
        Directory.CreateDirectory(In("open/ours"));
        File.SetUnixFileMode(In("open"), Closed | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        Assert.False(PlaceTrust.IsTrusted(In("open/ours")));

        File.SetUnixFileMode(In("open"), Closed | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.StickyBit);
        Assert.True(PlaceTrust.IsTrusted(In("open/ours")));
    }

    [Fact]
    public void A_link_is_as_good_as_where_it_leads()
    {
        Directory.CreateDirectory(In("open"));
        Directory.CreateDirectory(In("closed"));
        File.SetUnixFileMode(In("open"), Closed | UnixFileMode.OtherWrite);
        File.CreateSymbolicLink(In("good"), In("closed"));
        File.CreateSymbolicLink(In("bad"), "open");
        File.CreateSymbolicLink(In("round"), "round");

        Assert.True(PlaceTrust.IsTrusted(In("good/file")));
        Assert.False(PlaceTrust.IsTrusted(In("bad/file")));
        Assert.False(PlaceTrust.IsTrusted(In("round/file")));
    }

    [Fact]
    public void What_belongs_to_somebody_else_is_not_trusted()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give files away");
        Directory.CreateDirectory(In("theirs"));
        FileOwner.Set(In("theirs"), "nobody");

        Assert.False(PlaceTrust.IsTrusted(In("theirs")));
        Assert.False(PlaceTrust.IsTrusted(In("theirs/file")));
    }

    private string In(string name) => Path.Combine(_folder, name);
}
