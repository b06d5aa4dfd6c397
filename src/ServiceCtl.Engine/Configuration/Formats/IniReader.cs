using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Formats;

/// <summary>
/// INI, read as TOML's poorer cousin: <c>[section]</c> and <c>[section.inner]</c>, <c>key = value</c>, one a line, no continuation.
/// <c>#</c> and <c>;</c> begin a comment at the start of a line or after a blank. A value in quotes is text as it stands, without escapes;
/// another one is what it looks like, as with <c>--set</c>: a number, a boolean, a list as <c>[a, b]</c>, or else text.
/// A key with dots goes into inner sections; a name with blanks in it is in double quotes. What is given twice is a fault.
/// </summary>
internal sealed class IniReader
{
    private readonly TextCursor _cursor;
    private readonly ProblemList _problems;
    private readonly TableBuilder _root;
    private readonly Dictionary<string, Origin> _sections = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _section = [];
    private int _nodes;

    private IniReader(SourceText text, ProblemList problems)
    {
        _cursor = new TextCursor(text);
        _problems = problems;
        _root = new TableBuilder(text.At(1, 1));
    }

    /// <summary>The root of a file.</summary>
    /// <exception cref="MalformedSourceException">The file can't be read to its end.</exception>
    public static ConfigMapping ReadRoot(SourceText text, ProblemList problems, CancellationToken cancellation)
    {
        var reader = new IniReader(text, problems);
        while (!reader._cursor.IsAtEnd)
        {
            cancellation.ThrowIfCancellationRequested();
            reader.ReadLine();
        }

        return reader._root.Build();
    }

    private bool IsAtComment => _cursor.Current is '#' or ';';

    private void ReadLine()
    {
        var isIndented = _cursor.Current is ' ' or '\t';
        _cursor.SkipBlanks();
        if (_cursor.Current == '[')
            ReadSection();
        else if (!IsAtComment && !_cursor.IsAtLineEnd)
            ReadKey(isIndented);

        _cursor.SkipBlanks();
        if (IsAtComment)
            _cursor.SkipToLineEnd();
        if (!_cursor.IsAtLineEnd)
            throw _cursor.Fault("Something follows the end of the section's name or of the quoted value.",
                "Put it on a line of its own, or a comment sign before it.");
        _cursor.AdvanceLine();
    }

    private void ReadSection()
    {
        var origin = _cursor.Origin;
        _cursor.Advance();
        var start = _cursor.Position;
        while (_cursor.Current != ']')
        {
            if (_cursor.IsAtLineEnd)
                throw new MalformedSourceException(origin, "A section's name is not closed.", "Write `[section]` on a line of its own.");
            _cursor.Advance();
        }

        var name = _cursor.Since(start).Trim();
        _cursor.Advance();
        _section = PathOf(name, origin);
        if (!_sections.TryAdd(name, origin))
            _problems.Add(origin, name, $"The section `{name}` is given twice, first at {_sections[name].Place}.",
                "Write its keys below the first one.");
    }

    private void ReadKey(bool isIndented)
    {
        var origin = _cursor.Origin;
        if (++_nodes > ConfigurationLimits.Nodes)
            throw _cursor.Fault($"The file holds more than {ConfigurationLimits.Nodes:N0} keys.", "Split the file.");

        var start = _cursor.Position;
        while (_cursor.Current != '=' && !_cursor.IsAtLineEnd)
            _cursor.Advance();
        if (_cursor.IsAtLineEnd)
        {
            throw new MalformedSourceException(
                origin, "This line is neither `[section]` nor `key = value`.",
                isIndented ? "A value can't go on on a further line; write it on one, or use YAML or TOML."
                    : "Write `key = value`; a comment begins with `#` or `;`.");
        }

        var key = _cursor.Since(start).Trim();
        _cursor.Advance();
        _cursor.SkipBlanks();
        string[] path = [.. _section, .. PathOf(key, origin)];
        if (path.Length >= ConfigurationLimits.Depth)
            throw new MalformedSourceException(origin, $"The nesting is deeper than {ConfigurationLimits.Depth} levels.",
                "Flatten the structure.");
        var value = ReadValue();
        if (_root.Add(path, origin, value) is { } taken)
            _problems.Add(origin, path.Aggregate("", KeyPath.Join), $"The key `{key}` is given twice, first at {taken.Place}.",
                "Keep one of them.");
    }

    private ConfigValue ReadValue()
    {
        var origin = _cursor.Origin;
        if (_cursor.Current is '"' or '\'')
            return ReadQuoted(origin, _cursor.Current);

        var start = _cursor.Position;
        while (!_cursor.IsAtLineEnd && !(IsAtComment && (_cursor.Position == start || _cursor.Peek(-1) is ' ' or '\t')))
            _cursor.Advance();
        return YamlReader.ReadValue(_cursor.Since(start).TrimEnd(' ', '\t'), origin, _problems);
    }

    private ConfigScalar ReadQuoted(Origin origin, char quote)
    {
        _cursor.Advance();
        var start = _cursor.Position;
        while (_cursor.Current != quote)
        {
            if (_cursor.IsAtLineEnd)
                throw new MalformedSourceException(origin, "A quote is opened here and not closed in its line.", "Close the quote.");
            _cursor.Advance();
        }

        var text = _cursor.Since(start);
        _cursor.Advance();
        return new ConfigScalar(text, ScalarKind.Text, origin, isQuoted: true);
    }

    private static IReadOnlyList<string> PathOf(string text, Origin origin)
    {
        try
        {
            if (text.AsSpan().IndexOfAny(' ', '\t') >= 0 && !text.Contains('"', StringComparison.Ordinal))
                throw new FormatException("It has blanks in it.");
            var segments = KeyPath.Split(text);
            return segments.All(segment => segment.Name is not null)
                ? [.. segments.Select(segment => segment.Name!.Trim())]
                : throw new FormatException("An item of a list can't be set by itself; give the whole list, as `[a, b]`.");
        }
        catch (FormatException exception)
        {
            throw new MalformedSourceException(
                origin, $"`{(text.Length <= 60 ? text : text[..57] + "...")}` can't be a name. {exception.Message}",
                "Put a name with blanks, dots or brackets in double quotes.", exception);
        }
    }
}
