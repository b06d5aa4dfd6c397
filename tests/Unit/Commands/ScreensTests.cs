using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;
using ServiceCtl.Host.Commands;
using ServiceCtl.Host.Status;
using ServiceCtl.Host.Top;
using Spectre.Console;

namespace ServiceCtl.Tests.Unit.Commands;

/// <summary>
/// What people see of the command on terminals of 80 and of 200 columns, which break what is longer: Screens/VIEW-COLUMNS.txt are approved.
/// Those of the module are in tests/Pester/Screens.
/// </summary>
public sealed class ScreensTests
{
    private static readonly Dictionary<string, Func<int, IEnumerable<string>>> Views = new()
    {
        ["status"] = _ => [StatusPage.Of(ScreenSamples.Web, MessageStyle.Plain)],
        ["status-failed"] = _ => [StatusPage.Of(ScreenSamples.Billing, MessageStyle.Plain)],
        ["statuses"] = _ => [StatusTable.Of([ScreenSamples.Billing, ScreenSamples.Web], [], MessageStyle.Plain)],
        ["list"] = _ => ListCommand.LinesOf([ScreenSamples.ServiceOf(ScreenSamples.Billing), ScreenSamples.ServiceOf(ScreenSamples.Web)]),
        ["logs"] = _ => ScreenSamples.Log.Select(new LogsCommand.LineFormat(Name: true, Time: true, IsRaw: false).TextOf),
        ["events"] = _ => ScreenSamples.Events.Select(happened => EventsCommand.TextOf(happened, lines: true)),
        ["relog"] = _ => RelogPage.LinesOf(ScreenSamples.Sorted),
        ["relog-groups"] = _ => RelogPage.LinesOf(ScreenSamples.Invoice),
        ["top"] = Top,
        ["host"] = _ => ScreenSamples.Host.Select(EnvironmentCommands.TextOf),
        ["agent"] = _ => [AgentCommands.TextOf(ScreenSamples.Agent)],
        ["config"] = _ => SettingTable.LinesOf("web", ScreenSamples.Settings, showSource: true, showOverridden: true),
        ["config-check"] = _ => ConfigCheckCommand.LinesOf(ScreenSamples.Wrong),
        ["start-failure"] = _ => ScreenSamples.Failure().Select(line => line.Text),
    };

    public static TheoryData<string, int> Screens
    {
        get
        {
            var screens = new TheoryData<string, int>();
            foreach (var view in Views.Keys)
            {
                screens.Add(view, 80);
                screens.Add(view, 200);
            }

            return screens;
        }
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public void The_screen_is_the_approved_one(string view, int columns)
    {
        var lines = string.Join('\n', Views[view](columns)).TrimEnd('\n').Split('\n').SelectMany(line => Broken(line.TrimEnd(), columns));
        var screen = string.Join('\n', lines) + "\n";

        var approved = Path.Combine(Repository.Root, "tests", "Unit", "Commands", "Screens", $"{view}-{columns}.txt");
        if (File.Exists(approved) && File.ReadAllText(approved) == screen)
            return;
        var received = Path.Combine(AppContext.BaseDirectory, Path.GetFileName(approved));
        File.WriteAllText(received, screen);
        Assert.Fail($"The screen is another one. If it is meant: cp {received} {approved}\n{screen}");
    }

    /// <summary>As a terminal breaks it.</summary>
    private static IEnumerable<string> Broken(string line, int columns) =>
        line.Length == 0 ? [""] : line.Chunk(columns).Select(part => new string(part).TrimEnd());

    private static IEnumerable<string> Top(int columns)
    {
        PyServiceStatus[] services = [ScreenSamples.Billing, ScreenSamples.Web];
        var model = new TopModel().With(services, TimeSpan.Zero).With(services, TimeSpan.FromSeconds(1));
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = columns;
        console.Write(TopPage.Create(model, ScreenSamples.At, 24));
        return [text.ToString()];
    }
}
