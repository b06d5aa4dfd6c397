using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Fleet;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Tests.Unit.Releases;

/// <summary>Who is in which batch, who is meant, and where a rollback goes, as far as no host has to be asked.</summary>
public sealed class FleetTests
{
    [Theory]
    [InlineData(5, "1,25%,100%", "1 1 3")]
    [InlineData(8, "1,25%,100%", "1 2 5")]
    [InlineData(5, "2", "2 2 1")]
    [InlineData(3, "10%", "1 1 1")]
    [InlineData(4, "100%", "4")]
    [InlineData(2, "7", "2")]
    [InlineData(0, "1", "")]
    public void Hosts_are_cut_into_batches_and_the_last_size_counts_for_all_that_follow(int hosts, string sizes, string batches)
    {
        var cut = BatchSize.Cut([.. Enumerable.Range(0, hosts)], [.. sizes.Split(',').Select(BatchSize.Parse)]);

        Assert.Equal(batches, string.Join(' ', cut.Select(batch => batch.Count)));
        Assert.Equal(Enumerable.Range(0, hosts), cut.SelectMany(batch => batch));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("100%", true)]
    [InlineData("0", false)]
    [InlineData("0%", false)]
    [InlineData("101%", false)]
    [InlineData("-1", false)]
    [InlineData("all", false)]
    public void A_batch_is_a_number_or_a_share(string text, bool isOne) => Assert.Equal(isOne, BatchSize.Form.IsMatch(text));

    [Theory]
    [InlineData("", "", "web1 web2 jobs")]
    [InlineData("jobs", "", "jobs")]
    [InlineData("deploy@web2", "", "web2")]
    [InlineData("", "web", "web1 web2")]
    [InlineData("web2,jobs", "web", "web2")]
    [InlineData("web9", "", null)]
    [InlineData("", "db", null)]
    [InlineData("jobs", "web", null)]
    public void Hosts_are_chosen_by_name_and_by_role(string names, string roles, string? chosen)
    {
        var settings = Stage(Host("web1", "web"), Host("web2", "web"), Host("jobs", "worker"));

        string? Choose() => string.Join(' ', FleetContext.Choose(settings, Words(names), Words(roles)));

        if (chosen is null)
            Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<ServiceCtlException>(Choose).Code);
        else
            Assert.Equal(chosen, Choose());
    }

    [Theory]
    [InlineData("", false, "web1 web2 jobs")]
    [InlineData("web", false, "web1 web2")]
    [InlineData("web,worker", false, "web1 web2 jobs")]
    // The primary, where it has the role, else the first that has.
    [InlineData("", true, "web1")]
    [InlineData("worker", true, "jobs")]
    [InlineData("worker,web", true, "web1")]
    public void A_step_runs_on_the_hosts_of_its_roles_or_on_one_of_them(string roles, bool isOnce, string runners)
    {
        var step = new OwnStep("warm", ["true"], null, null) { Roles = Words(roles), IsOnce = isOnce };
        var fleet = Fleet(Host("web1", "web"), Host("web2", "web"), Host("jobs", "worker"));

        Assert.Equal(runners, string.Join(' ', fleet.RunnersOf(step)));
        Assert.Equal(runners, string.Join(' ', fleet.For(step).Hosts));
        var left = fleet with { Hosts = [.. fleet.Hosts.Except(fleet.RunnersOf(step))] };
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<ServiceCtlException>(() => left.For(step)).Code);
    }

    [Fact]
    public void A_stage_that_is_this_host_has_no_hosts_to_choose()
    {
        Assert.Empty(FleetContext.Choose(Stage(), [], []));
        Assert.Throws<ServiceCtlException>(() => FleetContext.Choose(Stage(), ["web1"], []));
    }

    [Theory]
    [InlineData("1P 2C", "1P 2C", "1")]
    // A batch has failed on the second host: what it has left on the first is no release to go back to.
    [InlineData("1P 2R 3C", "1P 2F 3C", "1")]
    // A deploy has stopped halfway: those that have switched go back.
    [InlineData("1P 2C", "1C 2F", "1")]
    [InlineData("1P 2P 3C", "2C", "2")]
    [InlineData("2C", "1P 2C", null)]
    [InlineData("", "", null)]
    public void A_rollback_goes_to_the_newest_before_that_all_can_go_back_to(string one, string two, string? target)
    {
        Assert.Equal(target, FleetDeployer.RollbackTarget([Releases(one), Releases(two)]));
    }

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static StageHost Host(string name, string role) =>
        new(name, name == "web2" ? "deploy@web2" : name, [role], name == "web1", new Dictionary<string, string>());

    private static FleetContext Fleet(params StageHost[] hosts) => new()
    {
        Here = new DeployContext
        {
            Settings = Stage(hosts),
            Tree = new ReleaseTree("/srv/web", null),
            Service = "web",
            By = "ann",
            Switch = null!,
            Time = TimeProvider.System,
        },
        Hosts = hosts,
        Dialler = null!,
    };

    private static DeploySettings Stage(params StageHost[] hosts) => new()
    {
        Stage = "production",
        Folder = "/here",
        Files = [],
        DeployTo = "/srv/web",
        Revision = "HEAD",
        Tree = ".",
        Hosts = hosts,
    };

    private static IReadOnlyList<PyServiceRelease> Releases(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => new PyServiceRelease
        {
            Service = "web",
            Stage = "production",
            Folder = "/here",
            Id = word[..^1],
            Path = "/srv/web",
            State = word[^1] switch
            {
                'C' => ReleaseState.Current,
                'P' => ReleaseState.Previous,
                'R' => ReleaseState.Restored,
                _ => ReleaseState.Failed,
            },
        }),
    ];
}
