using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.CommandLine;

/// <summary><c>servicectl</c> as a user meets it: its words, its output, its exit codes.</summary>
public sealed class CommandLineTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task In_a_services_folder_every_verb_acts_on_it()
    {
        var service = new FlaskService(_home, "folder");

        var stopped = await _home.RunAsync(service.Folder, "status");
        Assert.Equal(3, stopped.Code);

        var start = await _home.RunAsync(service.Folder, "start");
        Assert.True(start.Code == 0, start.ToString());
        Assert.StartsWith("folder: start begins; not a git checkout", start.Output, StringComparison.Ordinal);
        Assert.Contains("folder was started (pid ", start.Output, StringComparison.Ordinal);
        Assert.Equal("one", await service.GetAsync("/version"));

        var again = await _home.RunAsync(service.Folder, "start");
        Assert.Equal(0, again.Code);
        Assert.Contains("is running already", again.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await _home.RunAsync(service.Folder, "status")).Code);
        Assert.Equal(0, (await _home.RunAsync(service.Folder, "hot_restart")).Code);
        Assert.Equal(0, (await _home.RunAsync(service.Folder, "restart")).Code);
        Assert.Equal(0, (await _home.RunAsync(service.Folder, "stop")).Code);
    }

    [Fact]
    public async Task Names_and_patterns_act_from_anywhere()
    {
        var first = new FlaskService(_home, "web-a");
        var second = new FlaskService(_home, "web-b");
        await _home.RunAsync("/", "register", first.Folder);
        await _home.RunAsync("/", "register", second.Folder);

        var start = await _home.RunAsync("/", "start", "web-*", "--json");

        Assert.True(start.Code == 0, start.ToString());
        var results = JsonDocument.Parse(start.Output).RootElement.EnumerateArray().ToArray();
        Assert.Equal(["web-a", "web-b"], results.Select(result => result.GetProperty("service").GetString()).Order());
        Assert.All(results, result => Assert.Equal("Done", result.GetProperty("outcome").GetString()));
        var status = JsonDocument.Parse((await _home.RunAsync("/", "status", "web-?", "--json")).Output).RootElement;
        Assert.All(status.EnumerateArray(), service => Assert.Equal("Running", service.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Many_are_registered_at_once_and_one_that_cannot_be_is_no_obstacle_to_the_others()
    {
        var first = Program("first", "service: {runner: command, command: [sleep, '60']}");
        var broken = Program("broken", "service: {runner: command, command: [sleep\n");
        var empty = _home.Folder("empty");
        var last = Program("last", "service: {runner: command, command: [sleep, '60']}");

        var result = await _home.RunAsync("/", "register", first, broken, empty, last);

        Assert.Equal(1, result.Code);
        Assert.Equal([$"first is registered with {first}/config.yaml.", $"last is registered with {last}/config.yaml."],
            result.Output.TrimEnd().Split('\n'));
        Assert.Contains($"{broken}/config.yaml:", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{empty} is not a service's folder", result.Error, StringComparison.Ordinal);

        var again = await _home.RunAsync("/", "register", first, empty, "--json");
        Assert.Equal(1, again.Code);
        var answers = JsonDocument.Parse(again.Output).RootElement;
        Assert.Equal("first", answers[0].GetProperty("service").GetProperty("name").GetString());
        Assert.Equal(empty, answers[1].GetProperty("path").GetString());
        Assert.Equal("ConfigNotFound", answers[1].GetProperty("error").GetProperty("code").GetString());

        var named = await _home.RunAsync("/", "register", first, last, "--name", "both");
        Assert.Equal(2, named.Code);
        Assert.Contains("--name can't be given to several", named.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name a verb: start, stop", new string[0])]
    [InlineData("'strat'", new[] { "strat" })]
    [InlineData("'--quickly'", new[] { "stop", "--quickly" })]
    [InlineData("from 0.1s to 1d", new[] { "stop", "web", "--timeout", "-3" })]
    public async Task Without_a_verb_or_with_an_unknown_word_nothing_is_changed(string reason, string[] arguments)
    {
        var service = new FlaskService(_home, "untouched");

        var result = await _home.RunAsync(service.Folder, arguments);

        Assert.Equal(2, result.Code);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists(_home.Paths.Home));
    }

    [Fact]
    public async Task Without_a_name_outside_a_services_folder_nothing_is_done()
    {
        var result = await _home.RunAsync("/", "stop");

        Assert.Equal(2, result.Code);
        Assert.Contains("Nothing was changed", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_is_an_error_and_an_unmatched_pattern_is_not()
    {
        var unknown = await _home.RunAsync("/", "stop", "nobody");
        var unmatched = await _home.RunAsync("/", "stop", "nobody-*");

        Assert.Equal(1, unknown.Code);
        Assert.Contains("No service named nobody", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(0, unmatched.Code);
        Assert.Contains("No service matches 'nobody-*'.", unmatched.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patterns_have_sets_and_exclusions_and_an_excluded_name_that_is_not_there_stops_nothing()
    {
        foreach (var name in (string[])["web-1", "web-2", "web-3"])
            await Sleepers.Create(_home, name).MustAsync(ServiceAction.Start);

        var typo = await _home.RunAsync("/", "stop", "*", "!wbe-1");
        Assert.Equal(1, typo.Code);
        Assert.Contains("No service named wbe-1", typo.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _home.RunAsync("/", "status", "*")).Code);

        Assert.Equal(0, (await _home.RunAsync("/", "stop", "web-[12]", "!web-1")).Code);
        Assert.Equal(0, (await _home.RunAsync("/", "status", "web-[13]")).Code);
        Assert.Equal(3, (await _home.RunAsync("/", "status", "web-2")).Code);

        Assert.Equal(0, (await _home.RunAsync("/", "stop", "--", "-web-3")).Code);
        Assert.Equal(0, (await _home.RunAsync("/", "status", "web-3")).Code);
        Assert.Equal(3, (await _home.RunAsync("/", "status", "web-1")).Code);
    }

    [Fact]
    public async Task What_is_for_one_service_does_not_take_the_first_that_a_pattern_matches()
    {
        foreach (var name in (string[])["web-1", "web-2", "web-3"])
            await _home.Client.Services.RegisterAsync(Sleepers.Create(_home, name).Folder, null, CancellationToken.None);

        var module = await _home.RunAsync("/", "modules", "set", "web-*", "billing", "127.0.0.1:1");
        Assert.Equal(1, module.Code);
        Assert.Contains("No service named web-* is registered", module.Error, StringComparison.Ordinal);

        var removed = await _home.RunAsync("/", "unregister", "web-[12]");
        Assert.Equal("web-1 is no longer registered.\nweb-2 is no longer registered.\n", removed.Output);
        Assert.StartsWith("web-3 ", (await _home.RunAsync("/", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("No service matches", (await _home.RunAsync("/", "unregister", "nobody-*")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_is_told_with_its_place_and_exit_code_1()
    {
        var service = new FlaskService(_home, "wrong");
        service.Replace("config.yaml", "local_ip: 127.0.0.1", "local_ip: 127.0.0.1\nservice: {helth: {}}");

        var result = await _home.RunAsync(service.Folder, "start");

        Assert.Equal(1, result.Code);
        Assert.Contains($"{service.Config}:6:", result.Error, StringComparison.Ordinal);
        Assert.Contains("health", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_start_shows_the_traceback_and_ends_with_1()
    {
        var service = new FlaskService(_home, "failing", app: "raise ValueError('no luck')\n");

        var result = await _home.RunAsync(service.Folder, "start");

        Assert.Equal(1, result.Code);
        Assert.Contains("| ValueError: no luck", result.Error, StringComparison.Ordinal);
    }

    private string Program(string name, string config)
    {
        var folder = _home.Folder(name);
        File.WriteAllText(Path.Combine(folder, "config.yaml"), config);
        return folder;
    }
}
