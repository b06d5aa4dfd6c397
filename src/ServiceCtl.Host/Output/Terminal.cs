using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ServiceCtl.Host.Output;

/// <summary>The second screen that terminals have for programs like editors; what was on the first one comes back at the end.</summary>
internal sealed class Terminal : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string ClearLine = "\e[K";
    private const string ClearRest = "\e[J";

    private readonly StringWriter _page = new(CultureInfo.InvariantCulture);
    private readonly IAnsiConsole _console;

    public Terminal()
    {
        _console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(_page) });
        Console.Out.Write(Enter);
    }

    /// <summary>Can the view be shown: is there a terminal on both sides, one that understands more than lines?</summary>
    public static bool IsPresent =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    // A terminal that does not tell its size is an old one.
    public static int Height => Console.WindowHeight is > 0 and var height ? height : 24;

    public static int Width => Console.WindowWidth is > 0 and var width ? width : 80;

    /// <summary>Draws over what is there, line by line: nothing flickers, and nothing of another size is left.</summary>
    public void Draw(IRenderable page)
    {
        _console.Profile.Width = Width;
        _console.Profile.Height = Height;
        _page.GetStringBuilder().Clear();
        _console.Write(page);
        var lines = _page.ToString().TrimEnd('\n').Split('\n');
        Console.Out.Write(
            new StringBuilder(Home).AppendJoin(ClearLine + "\r\n", lines.Select(line => line.TrimEnd('\r'))).Append(ClearLine + ClearRest));
        Console.Out.Flush();
    }

    public void Dispose()
    {
        Console.Out.Write(Leave);
        Console.Out.Flush();
        _page.Dispose();
    }
}
