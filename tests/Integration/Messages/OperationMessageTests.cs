using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Messages;

/// <summary>What an operation says, on the screen and in nohup_out_log.</summary>
public sealed partial class OperationMessageTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task An_operation_has_an_opening_and_a_closing_line_and_the_file_keeps_them_with_times()
    {
        var service = Service("log/nohup.out");

        var start = await _home.RunAsync(service.Folder, "start");
        var stop = await _home.RunAsync(service.Folder, "stop");

        Assert.True(start.Code == 0, start.ToString());
        Assert.StartsWith("web: start begins; not a git checkout\nweb was started", start.Output, StringComparison.Ordinal);
        Assert.Matches(@"\nweb: start done after \d+\.\d s\n\z", start.Output);
        Assert.StartsWith("web: stop begins", stop.Output, StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(Path.Combine(service.Folder, "log/nohup.out"));
        Assert.All(lines, line => Assert.Matches(TimedLine(), line));
        Assert.Equal(4,
            lines.Count(
                line => line.Contains(" begins; ", StringComparison.Ordinal) || line.Contains(" done after ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("Waiting until it is ready", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('\e'));
    }

    [Fact]
    public async Task The_file_has_colours_where_they_are_wanted_and_a_redirected_screen_never()
    {
        var service = Service("nohup.out", "COLOR_LOGS_FILES: 1\nCOLOR_LOGS_SCREEN: 1");

        var start = await _home.RunAsync(service.Folder, "start");

        Assert.DoesNotContain('\e', start.Output);
        Assert.Contains("\e[32mweb: start done", File.ReadAllText(Path.Combine(service.Folder, "nohup.out")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_kept_with_its_traceback()
    {
        var service = Service("nohup.out");
        service.Replace("app.py", "import os, time", "raise ValueError('no luck')");

        var start = await _home.RunAsync(service.Folder, "start");

        Assert.Equal(1, start.Code);
        var text = File.ReadAllText(Path.Combine(service.Folder, "nohup.out"));
        Assert.Contains("ValueError: no luck", text, StringComparison.Ordinal);
        Assert.Contains("web: start failed after", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cant_be_written_is_a_warning_and_no_more()
    {
        var service = Service("tmp");

        var result = await service.MustAsync(ServiceAction.Start);

        Assert.Contains("nohup_out_log", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    private FlaskService Service(string file, string more = "") => new(_home, "web", more: $"nohup_out_log: {file}\n{more}");

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} ")]
    private static partial Regex TimedLine();
}
