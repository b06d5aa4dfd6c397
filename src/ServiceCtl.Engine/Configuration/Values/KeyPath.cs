using System.Globalization;
using System.Text;

namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>
/// Dotted paths: <c>service.ready.http</c>, <c>TAGS[0]</c>. A key that holds a dot, a bracket, a quote or blanks at its ends is
/// written in double quotes, with <c>\"</c> and <c>\\</c> inside: <c>uwsgi."a.b"</c>.
/// </summary>
public static class KeyPath
{
    public static string Join(string parent, string key)
    {
        var segment = NeedsQuotes(key) ? Quote(key) : key;
        return parent.Length == 0 ? segment : $"{parent}.{segment}";
    }

    public static string Join(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]");

    /// <exception cref="FormatException">An empty segment, an unclosed quote or bracket; the message says which.</exception>
    public static IReadOnlyList<KeySegment> Split(string path)
    {
        var segments = new List<KeySegment>();
        var position = 0;
        while (true)
        {
            segments.Add(new KeySegment(ReadName(path, ref position), null));
            while (position < path.Length && path[position] == '[')
                segments.Add(new KeySegment(null, ReadIndex(path, ref position)));
            if (position == path.Length)
                return segments;
            if (path[position] != '.')
                throw new FormatException($"`{path[position]}` at position {position + 1} stands where a dot is expected.");
            position++;
        }
    }

    private static bool NeedsQuotes(string key) =>
        key.Length == 0 || key.AsSpan().IndexOfAny('.', '[', '"') >= 0 || char.IsWhiteSpace(key[0]) || char.IsWhiteSpace(key[^1]);

    private static string Quote(string key) =>
        $"\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string ReadName(string path, ref int position)
    {
        if (position < path.Length && path[position] == '"')
            return ReadQuoted(path, ref position);
        var end = path.AsSpan(position).IndexOfAny('.', '[');
        end = end < 0 ? path.Length : position + end;
        var name = path[position..end];
        if (name.Length == 0)
            throw new FormatException($"A key is missing at position {position + 1}.");
        position = end;
        return name;
    }

    private static string ReadQuoted(string path, ref int position)
    {
        var name = new StringBuilder();
        for (var index = position + 1; index < path.Length; index++)
        {
            if (path[index] == '"')
            {
                position = index + 1;
                return name.ToString();
            }

            if (path[index] == '\\' && index + 1 < path.Length)
                index++;
            name.Append(path[index]);
        }

        throw new FormatException($"The quote at position {position + 1} is not closed.");
    }

    private static int ReadIndex(string path, ref int position)
    {
        var end = path.IndexOf(']', position);
        if (end < 0 || !int.TryParse(path.AsSpan((position + 1)..end), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            throw new FormatException($"The bracket at position {position + 1} holds no number, or is not closed.");
        position = end + 1;
        return index;
    }
}
