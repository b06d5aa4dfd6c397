using ServiceCtl.Engine.Units;

namespace ServiceCtl.Tests.Unit.Units;

public sealed class SysVScriptTests
{
    /// <summary>insserv refuses a script that requires what no script provides, and a service need not have one.</summary>
    [Fact]
    public void What_a_service_requires_comes_first_where_it_has_a_script_and_is_no_condition()
    {
        var script = SysVScripts.OfService("web", ["db", "cache"], new UnitHost("/usr/bin/servicectl")).Content;

        Assert.Contains("\n# Required-Start:    $remote_fs $network\n", script, StringComparison.Ordinal);
        Assert.Contains("\n# Required-Stop:     $remote_fs $network\n", script, StringComparison.Ordinal);
        Assert.Contains("\n# Should-Start:      $syslog db cache\n", script, StringComparison.Ordinal);
        Assert.Contains("\n# Should-Stop:       $syslog db cache\n", script, StringComparison.Ordinal);
    }
}
