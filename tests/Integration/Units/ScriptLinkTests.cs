using ServiceCtl.Tests.Integration.Releases;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Units;

/// <summary>Scripts of services that are deployed, under the real update-rc.d, in a mount namespace where <c>/etc</c> is ours.</summary>
public sealed class ScriptLinkTests
{
    /// <summary>With insserv, where this machine has it, which orders scripts by their headers.</summary>
    [Fact]
    public async Task The_scripts_of_a_deployed_service_are_enabled_by_update_rc_d()
    {
        Assert.SkipUnless(Environment.UserName == "root", "update-rc.d needs root");
        Assert.SkipUnless(File.Exists("/usr/sbin/update-rc.d"), "this machine has no update-rc.d (package init-system-helpers)");
        await using var project = new DeployedProject();
        string etc = project.Home.Folder("etc"), scripts = project.Home.Folder("etc/init.d"), run = project.Home.Folder("run");
        foreach (var level in "0123456S")
            project.Home.Folder($"etc/rc{level}.d");
        foreach (var file in (string[])["passwd", "group", "ld.so.cache", "insserv.conf"])
        {
            if (File.Exists($"/etc/{file}"))
                File.Copy($"/etc/{file}", Path.Combine(etc, file));
        }

        await project.MustDeployAsync();
        var made = await project.Home.RunAsync("/", "unit", "web", "--type", "sysv", "--destination", scripts);
        Assert.True(made.Code == 0, made.ToString());

        var enabled = await InAsync("update-rc.d web defaults && /etc/rc2.d/S[0-9][0-9]web status && /etc/rc0.d/K[0-9][0-9]web stop");
        Assert.Equal((0, ""), (enabled.Code, enabled.Error));
        Assert.Contains("web is running, pid ", enabled.Output, StringComparison.Ordinal);
        Assert.Equal("0K 1K 2S 3S 4S 5S 6K", Levels());
        var again = await InAsync("/etc/rc3.d/S[0-9][0-9]web start");
        Assert.Equal((0, ""), (again.Code, again.Error));
        Assert.Equal("one", await project.AnswerAsync());
        File.Delete(Path.Combine(scripts, "web"));
        var removed = await InAsync("update-rc.d web remove");
        Assert.Equal((0, "", ""), (removed.Code, removed.Error, Levels()));

        Task<CommandResult> InAsync(string script) => CommandResult.RunAsync("/usr/bin/unshare",
            "--mount", "sh", "-c", $"mount --bind '{etc}' /etc && mount --bind '{run}' /run && {{ {script}; }}");

        string Levels() => string.Join(' ', Directory.GetFileSystemEntries(etc, "*web", SearchOption.AllDirectories)
            .Where(path => Path.GetDirectoryName(path) != scripts)
            .Select(path => $"{Path.GetFileName(Path.GetDirectoryName(path))![2]}{Path.GetFileName(path)[0]}")
            .Order(StringComparer.Ordinal));
    }
}
