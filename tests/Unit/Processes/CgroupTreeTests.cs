using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class CgroupTreeTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/agent", "/")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice", "/user.slice/user-1000.slice/user@1000.service/app.slice")]
    [InlineData("/system.slice/servicectl.service/agent", "/system.slice/servicectl.service")]
    [InlineData("/system.slice/servicectl.service", "/system.slice/servicectl.service")]
    [InlineData("/servicectl.0123456789abcdef/web.1", "/")]
    [InlineData("/a.slice/servicectl.0123456789abcdef/web.1/deeper", "/a.slice")]
    public void The_divided_cgroup_is_never_one_of_a_generation(string own, string divided) =>
        Assert.Equal(divided, CgroupTree.SubtreeOf(own));

    [Fact]
    public void Version_two_is_found_beside_version_one()
    {
        Assert.Equal("/a/b", CgroupTree.PathOf("9:name=systemd:/x\n4:memory:/y\n0::/a/b\n"u8));
        Assert.Null(CgroupTree.PathOf("4:memory:/y\n"u8));
        Assert.Equal("/sys/fs/cgroup/unified", CgroupTree.MountPointOf(
            "40 31 0:37 / /sys/fs/cgroup/systemd rw shared:5 - cgroup cgroup rw,name=systemd\n41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"u8));
        Assert.Null(CgroupTree.MountPointOf("41 31 0:38 /part /mnt rw,relatime - cgroup2 cgroup2 rw\n"u8));
        Assert.Null(CgroupTree.MountPointOf(default));
    }

    [Theory]
    [InlineData("0123456789abcdef:web:12", true)]
    [InlineData("0123456789abcdef:web", false)]
    [InlineData("0123:web:1", false)]
    [InlineData("0123456789abcdef::1", false)]
    [InlineData("0123456789abcdef:web:-1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_marker_is_read_back_as_it_was_written(string? text, bool valid) =>
        Assert.Equal(valid ? text : null, ScopeMarker.Parse(text)?.ToString());

    [Fact]
    public void A_home_has_one_mark_however_it_is_written() =>
        Assert.Equal(ScopeMarker.HomeOf("/run/servicectl"), ScopeMarker.HomeOf("/run/x/../servicectl/"));
}
