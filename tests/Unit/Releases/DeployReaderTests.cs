using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Tests.Unit.Releases;

public sealed class DeployReaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deploy-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Later_files_win_and_a_stage_may_have_a_section_and_a_file()
    {
        Write("shared.yaml", "keep_releases: 9\nkeep_failed: 7\nlinked: {dirs: [log]}\n");
        Write("deploy.yaml",
            "include: shared.yaml\ndeploy_to: /srv/all\nkeep_failed: 3\nstages: {qa: {deploy_to: /srv/qa, keep_failed: 4}}\n");
        Write("deploy.qa.yaml", "keep_failed: 5\nvariables: {local_port: 8001}\n");
        Write("deploy.production.yaml", "check: {http: /ping, hold: 2s}\n");

        var qa = await ReadAsync("qa");
        var production = await ReadAsync("production");

        Assert.Equal(["production", "qa"], await DeployReader.ReadStagesAsync(_folder.FullName, Cancellation));
        Assert.Equal(("/srv/qa", 9, 5, "8001"), (qa.DeployTo, qa.KeepReleases, qa.KeepFailed, qa.Variables["local_port"]));
        Assert.Equal(["log"], qa.LinkedDirs);
        Assert.Equal(("/srv/all", 3, TimeSpan.FromSeconds(2)), (production.DeployTo, production.KeepFailed, production.Hold));
        Assert.Equal(["/ping"], production.Http);
        Assert.Equal(["shared.yaml", "deploy.yaml", "deploy.qa.yaml"], qa.Files.Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("{via: archive, wheel: dist/a.whl}", "source.wheel")]
    [InlineData("{python: python3.11}", "source.python")]
    [InlineData("{via: bundle, files: [config.yaml]}", "source.files")]
    [InlineData("{via: bundle, repository: /srv/git}", "source.repository")]
    [InlineData("{via: wheel, wheel: dist/a.zip}", "source.wheel")]
    [InlineData("{via: wheel, wheel: dist/*.whl, python: python3.11}", "source.python")]
    public async Task A_key_of_another_way_of_the_code_is_refused_with_its_place(string source, string key)
    {
        Write("deploy.yaml", $"deploy_to: /srv/x\nsource: {source}\nstages: {{qa: {{}}}}");

        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync("qa"));

        var problem = Assert.Single(error.Report.Problems);
        Assert.Equal((key, 2), (problem.Key, problem.Line));
        Assert.NotNull(problem.Advice);
    }

    [Fact]
    public async Task A_wheel_is_found_or_built_and_has_files_beside_it()
    {
        Write("deploy.yaml", "deploy_to: /srv/x\nsource: {via: wheel, files: [config.yaml, etc]}\n"
            + "stages: {built: {}, there: {source: {wheel: dist/*.whl}}}");

        var built = await ReadAsync("built");

        Assert.Equal((SourceVia.Wheel, null, "python3"), (built.Via, built.Wheel, built.Python));
        Assert.Equal(["config.yaml", "etc"], built.SourceFiles!);
        Assert.Equal("dist/*.whl", (await ReadAsync("there")).Wheel);
    }

    [Fact]
    public async Task A_canary_has_shares_and_what_it_fails_by()
    {
        Write("deploy.yaml", "deploy_to: /srv/x\ncanary: {share: [5%, 25%], for: 90s, min_requests: 7, "
            + "fail_on: {new_exceptions: 2, error_rate: 0.5%, slower_than: 1.5x}}\n"
            + "stages: {all: {}, qa: {canary: {share: 10}}, bare: {canary: null}}");

        var canary = (await ReadAsync("all")).Canary!;

        Assert.Null((await ReadAsync("bare")).Canary);
        Assert.Equal([5, 25], canary.Shares);
        Assert.Equal((TimeSpan.FromSeconds(90), 7, 2, 0.5, 1.5),
            (canary.Step, canary.MinRequests, canary.NewExceptions, canary.ErrorRate, canary.SlowerThan));
        Assert.Equal([10], (await ReadAsync("qa")).Canary!.Shares);
        Write("deploy.yaml", "deploy_to: /srv/x\nstages: {qa: {canary: {share: 5%}}, bare: {}}");
        canary = (await ReadAsync("qa")).Canary!;
        Assert.Equal((TimeSpan.FromMinutes(1), 20, 1, 1.0, null),
            (canary.Step, canary.MinRequests, canary.NewExceptions, canary.ErrorRate, canary.SlowerThan));
        Assert.Null((await ReadAsync("bare")).Canary);
    }

    [Fact]
    public async Task Steps_and_templates_have_roles_and_a_stage_without_hosts_has_them_all()
    {
        Write("deploy.yaml", """
            deploy_to: /srv/x
            steps: {migrate: {run: [m], roles: [db], primary: true}, warm: {run: [w], after: starting}}
            templates: {a.tmpl: {to: a, roles: [web, db]}}
            stages: {qa: {}, production: {hosts: {web1: {roles: [web]}, db1: {roles: [db]}}}}
            """);

        foreach (var stage in (string[])["qa", "production"])
        {
            var settings = await ReadAsync(stage);
            Assert.Equal(["db"], settings.Steps[0].Roles);
            Assert.Equal((true, false, false, true),
                (settings.Steps[0].IsOnce, settings.Steps[0].IsEarly, settings.Steps[1].IsOnce, settings.Steps[1].IsEarly));
            Assert.Equal(["web", "db"], settings.Templates[0].Roles);
        }
    }

    [Theory]
    [InlineData("keep_releasez: 3\ndeploy_to: /srv/x", "1:1", "Did you mean `keep_releases`?")]
    [InlineData("deploy_to: /srv/x\nhost: {web: 1}", "2:1", "Did you mean")]
    [InlineData("deploy_to: /srv/x\nhosts: {web: 1}", "2:14", "Write it as")]
    [InlineData("deploy_to: /srv/x\nhosts: {a: {primary: true}, b: {primary: true}}", "2:42", "Keep one")]
    [InlineData("deploy_to: /srv/x\nrollout: {batches: [0]}", "2:21", "")]
    [InlineData("deploy_to: /srv/x\ncanary: {shares: 5%}", "2:10", "Did you mean `share`?")]
    [InlineData("deploy_to: /srv/x\ncanary: {for: 5s}", "2:15", "[5%, 25%]")]
    [InlineData("deploy_to: /srv/x\ncanary: {share: [5%, 125%]}", "2:17", "[5%, 25%]")]
    [InlineData("deploy_to: /srv/x\ncanary: {share: 5%, for: 0s}", "2:26", "60s")]
    [InlineData("deploy_to: /srv/x\ncanary: {share: 5%, fail_on: {slower_than: 0.5x}}", "2:44", "2x")]
    [InlineData("deploy_to: /srv/x\nlinked:\n  files: [../secret]", "3:11", "")]
    [InlineData("deploy_to: /srv/x\nlinked:\n  dirs: [/etc]", "3:10", "")]
    [InlineData("deploy_to: /srv/x\nsource: {via: rsync}", "2:15", "archive")]
    [InlineData("deploy_to: /srv/x\nsource: {via: folder, revision: v1}", "2:33", "archive")]
    [InlineData("deploy_to: /srv/x\ntemplates: {a.tmpl: {mode: '0640'}}", "2:21", "conf/app.conf")]
    [InlineData("deploy_to: /srv/x\nsecrets: {KEY: {file: /a, variable: B}}", "2:11", "one of")]
    [InlineData("deploy_to: /srv/x\nsteps: {updating: {run: [x]}}", "2:9", "otherwise")]
    [InlineData("deploy_to: /srv/x\nsteps: {warm: {run: [x], roles: [wbe]}}\nhosts: {a: {roles: [web]}}", "2:33", "Did you mean `web`?")]
    [InlineData("deploy_to: /srv/x\nsteps: {warm: {run: [x], roles: [db]}}\nhosts: {a: {}}", "2:33", "`roles: [db]`")]
    [InlineData("deploy_to: /srv/x\ntemplates: {a: {to: b, roles: jobs}}\nhosts: {a: {roles: [web, db]}}", "2:31", "`web`, `db`")]
    [InlineData("deploy_to: /srv/x\nsteps: {warm: {run: [x], roles: []}}", "2:33", "leave `roles` out")]
    [InlineData("deploy_to: /srv/x\nsteps: {warm: {run: [x], primary: maybe}}", "2:35", "")]
    [InlineData("deploy_to: /", "1:12", "folder of its own")]
    [InlineData("keep_failed: 1", "1:1", "/srv/billing")]
    public async Task What_is_wrong_is_told_with_its_place_and_a_remedy(string text, string place, string advice)
    {
        Write("deploy.yaml", text);
        Write("deploy.qa.yaml", "{}");

        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync("qa"));

        Assert.Equal(ErrorCode.ConfigInvalid, error.Code);
        var problem = Assert.Single(error.Report.Problems);
        Assert.Equal($"{Path.Combine(_folder.FullName, "deploy.yaml")}:{place}", problem.Place);
        Assert.Contains(advice, problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_that_nothing_describes_is_refused_with_those_that_are_there()
    {
        Write("deploy.yaml", "deploy_to: /srv/x\nstages: {production: {}, qa: {}}");

        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync("prodution"));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Equal("Did you mean 'production'?", error.Advice);
    }

    [Fact]
    public async Task Where_secrets_come_from_is_no_secret_and_a_password_among_the_variables_is_one()
    {
        Write("deploy.yaml",
            "deploy_to: /srv/x\nstages: {qa: {}}\nsecrets: {KEY: {command: [pass, show, keys]}}\nvariables: {DB_PASSWORD: hunter22}\n");

        var settings = await ReadAsync("qa");

        Assert.Equal("pass show keys, ********", settings.Mask.MaskText("pass show keys, hunter22"));
    }

    [Fact]
    public async Task What_install_makes_can_be_read_and_is_never_written_over()
    {
        var made = StageScaffold.Make(_folder.FullName, ["production", "qa"]);
        File.WriteAllText(made[0], "keep_releases: 3\n");

        Assert.Equal(["deploy.yaml", "deploy.production.yaml", "deploy.qa.yaml"], made.Select(Path.GetFileName));
        Assert.Empty(StageScaffold.Make(_folder.FullName, ["production", "qa"]));
        Assert.Equal($"/srv/{_folder.Name}-qa", (await ReadAsync("qa")).DeployTo);
        Assert.Equal(3, (await ReadAsync("production")).KeepReleases);
    }

    private Task<DeploySettings> ReadAsync(string stage) => DeployReader.ReadAsync(_folder.FullName, stage, Cancellation);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
