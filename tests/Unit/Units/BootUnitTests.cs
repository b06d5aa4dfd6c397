using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Catalog;
using ServiceCtl.Engine.Units;

namespace ServiceCtl.Tests.Unit.Units;

public sealed class BootUnitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_users_agent_is_started_by_the_users_own_systemd_where_one_runs()
    {
        string? Variable(string name) => name switch { "XDG_RUNTIME_DIR" => _folder, "HOME" => "/home/me", _ => null };
        Assert.Equal(ErrorCode.InvalidState, Assert.Throws<ServiceCtlException>(() => BootUnit.FindOfUser(Variable)).Code);

        Directory.CreateDirectory(Path.Combine(_folder, "systemd"));

        var found = BootUnit.FindOfUser(Variable);
        Assert.Equal((ServiceUnitType.Systemd, "/home/me/.config/systemd/user", true), (found.Type, found.Folder, found.IsOfUser));
        var unit = SystemdUnits.OfUsersAgent(new UnitHost("/usr/bin/servicectl"));
        Assert.Contains("ExecStart=/usr/bin/servicectl agent run\n", unit.Content, StringComparison.Ordinal);
        Assert.Contains("WantedBy=default.target\n", unit.Content, StringComparison.Ordinal);
        // A user's manager can't do these, or would take sudo from the services.
        Assert.DoesNotContain("Protect", unit.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("LockPersonality", unit.Content, StringComparison.Ordinal);
    }

    [Theory]
    // As it was; enabled and disabled, ordered in this boot and before it.
    [InlineData(BootStart.Restored, "before", true, true)]
    [InlineData(BootStart.Restored, null, false, false)]
    [InlineData(BootStart.Enabled, "before", false, true)]
    [InlineData(BootStart.Enabled, null, false, true)]
    [InlineData(BootStart.Enabled, "now", false, false)]
    [InlineData(BootStart.Disabled, "before", true, false)]
    [InlineData(BootStart.Disabled, "now", true, true)]
    public void An_order_counts_as_long_as_its_boot(BootStart start, string? orderedIn, bool isWanted, bool isDue) =>
        Assert.Equal(isDue, new CatalogEntry("web", "/srv/web/config.yaml", isWanted, AtBoot: start, OrderedIn: orderedIn).IsDue("now"));
}
