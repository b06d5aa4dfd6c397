using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Messages;

/// <summary>The one place that decides about colours.</summary>
/// <remarks>https://no-color.org: NO_COLOR, when it is set and not empty, turns them off everywhere.</remarks>
public sealed class MessageStyle
{
    private const string Reset = "\e[0m";

    private readonly bool _isColored;

    private MessageStyle(bool isColored)
    {
        _isColored = isColored;
    }

    public static MessageStyle Plain { get; } = new(false);

    /// <summary>For a terminal elsewhere, whose owner has decided already.</summary>
    public static MessageStyle Colored { get; } = new(true);

    public bool IsColored => _isColored;

    /// <param name="isWanted">What COLOR_LOGS_SCREEN says.</param>
    /// <param name="isRedirected">Does the output go anywhere but to a terminal?</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public static MessageStyle ForScreen(bool isWanted, bool isRedirected, Func<string, string?> environment) =>
        new(isWanted && !isRedirected && environment("TERM") is not ("dumb" or "" or null) && IsAllowed(environment));

    /// <param name="isWanted">What COLOR_LOGS_FILES says.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public static MessageStyle ForFile(bool isWanted, Func<string, string?> environment) => new(isWanted && IsAllowed(environment));

    /// <summary>The text as people get to see it: with no escape sequences but those of the colour.</summary>
    public string Paint(MessageKind kind, string text)
    {
        var visible = VisibleText.Of(text);
        return !_isColored || kind == MessageKind.Plain ? visible : kind switch
        {
            MessageKind.Good => $"\e[32m{visible}{Reset}",
            MessageKind.Warning => $"\e[33m{visible}{Reset}",
            _ => $"\e[31m{visible}{Reset}",
        };
    }

    public string Paint(MessageLine line) => Paint(line.Kind, line.Text);

    private static bool IsAllowed(Func<string, string?> environment) => string.IsNullOrEmpty(environment("NO_COLOR"));
}
