using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>
/// Text in which <c>{{ name }}</c> stands for a value. A name that nobody knows is a fault with its place, never an empty text: half a
/// configuration is worse than none. What is in quotes stands for itself: <c>{{ "{{" }}</c>.
/// </summary>
internal static class TemplateText
{
    private const string Open = "{{", Close = "}}";

    /// <param name="text">The template.</param>
    /// <param name="path">Its file, for faults.</param>
    /// <param name="find">The value of a name; null where there is none.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>, with the place.</exception>
    public static string Render(string text, string path, Func<string, string?> find)
    {
        StringBuilder rendered = new();
        for (var at = 0; ;)
        {
            var begin = text.IndexOf(Open, at, StringComparison.Ordinal);
            if (begin < 0)
                return rendered.Append(text, at, text.Length - at).ToString();
            rendered.Append(text, at, begin - at);
            var name = Read(text, path, begin, out at);
            rendered.Append(name is ['"', .. var literal, '"'] ? literal : find(name) ?? throw Fault(text, path, begin,
                $"Nothing is called `{name}`.", "Give it a value in `variables` or `secrets`, or correct the name."));
        }
    }

    private static string Read(string text, string path, int begin, out int next)
    {
        var from = begin + Open.Length;
        var isQuoted = text.AsSpan(from).TrimStart() is ['"', ..];
        var search = isQuoted && text.IndexOf('"', text.IndexOf('"', from) + 1) is > 0 and var quote ? quote : from;
        var end = text.IndexOf(Close, search, StringComparison.Ordinal);
        if (end < 0 || text.AsSpan(from, end - from).Contains('\n'))
            throw Fault(text, path, begin, "`{{` is not closed.",
                "Write `}}` behind the name; for the letters themselves, write `{{ \"{{\" }}`.");
        next = end + Close.Length;
        return text[from..end].Trim();
    }

    private static ServiceCtlException Fault(string text, string path, int at, string message, string advice)
    {
        var before = text.AsSpan(0, at);
        ConfigurationProblem problem = new()
        {
            Source = path,
            Line = before.Count('\n') + 1,
            Column = at - before.LastIndexOf('\n'),
            Message = message,
            Advice = advice,
        };
        return new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.ConfigInvalid,
            Target = path,
            Message = $"{problem.Place}: {message}",
            Advice = advice,
            Problems = [problem],
        });
    }
}
