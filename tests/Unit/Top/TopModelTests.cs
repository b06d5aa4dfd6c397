using ServiceCtl.Contracts;
using ServiceCtl.Host.Top;
using Spectre.Console;

namespace ServiceCtl.Tests.Unit.Top;

public sealed class TopModelTests
{
    [Fact]
    public void Rates_are_what_came_since_the_last_look()
    {
        var row = TopRow.Of(Status("web", cpu: 1.5, requests: 140), Status("web", cpu: 1, requests: 100), TimeSpan.FromSeconds(2));
        Assert.Equal((25.0, 20.0), (row.CpuPercent, row.RequestsPerSecond));
    }

    [Fact]
    public void A_new_generation_and_a_worker_that_was_respawned_give_no_wrong_rate()
    {
        Assert.Null(TopRow.Of(Status("web", cpu: 1, generation: 2), Status("web", cpu: 9), TimeSpan.FromSeconds(1)).CpuPercent);
        Assert.Equal(0, TopRow.Of(Status("web", requests: 3), Status("web", requests: 900), TimeSpan.FromSeconds(1)).RequestsPerSecond);
    }

    [Fact]
    public void The_selection_stays_with_its_service_and_within_what_is_shown()
    {
        var model = new TopModel().With([Status("a"), Status("b"), Status("c")], TimeSpan.Zero);
        Assert.Equal("a", model.Current!.Status.Name);
        model = model.Move(1);
        Assert.Equal("b", model.With([Status("0"), Status("a"), Status("b")], TimeSpan.Zero).Current!.Status.Name);
        Assert.Equal("c", model.Move(int.MaxValue / 2).Current!.Status.Name);
        Assert.Equal("c", (model with { Filter = "C" }).Current!.Status.Name);
        Assert.Null((model with { Filter = "x" }).Move(1).Current);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(200, 60)]
    [InlineData(40, 6)]
    public void A_page_fits_its_terminal_and_shows_the_selected_row(int width, int height)
    {
        var model = new TopModel().With([.. Enumerable.Range(0, 500).Select(number => Status($"service-{number:000}"))],
            TimeSpan.Zero).Move(250);
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Write(TopPage.Create(model, DateTimeOffset.UnixEpoch, height));

        var lines = text.ToString().TrimEnd('\n').Split('\n');
        Assert.InRange(lines.Length, 2, height);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.Contains(lines, line => line.StartsWith("service-250"[..5], StringComparison.Ordinal));
    }

    [Fact]
    public void A_giant_line_of_a_log_takes_one_line_of_the_screen()
    {
        var model = new TopModel { LogOf = "web" }
            .With(new LogLine { Service = "web", Text = new string('x', 65_000) })
            .With(new LogLine { Service = "web", Text = "the end" });
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 80;
        console.Write(TopPage.Create(model, DateTimeOffset.UnixEpoch, 10));
        Assert.Equal(["log of web", new string('x', 80), "the end"], text.ToString().Split('\n')[..3]);
    }

    [Fact]
    public void What_a_service_printed_does_not_steer_the_terminal()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Write(TopPage.Create(new TopModel { LogOf = "web", LogLines = ["\e[2J\aboo[red]"] }, DateTimeOffset.UnixEpoch, 10));
        Assert.Contains(@"\x1b[2J\x07boo[red]", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text.ToString());
    }

    private static PyServiceStatus Status(string name, double cpu = 0, long requests = 0, int generation = 1) => new()
    {
        Name = name,
        State = ServiceState.Running,
        Pid = 4242,
        Generation = generation,
        Runner = "uwsgi",
        Path = "/srv/" + name,
        ConfigPath = $"/srv/{name}/config.yaml",
        ProcessorTime = TimeSpan.FromSeconds(cpu),
        Workers = [new WorkerStatus { Id = 1, Pid = 4243, Status = "idle", HasApp = true, Requests = requests }],
    };
}
