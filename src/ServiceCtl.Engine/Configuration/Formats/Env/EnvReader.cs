using System.Text;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Formats.Env;

/// <summary>
/// <c>.env</c> files. The dialect is that of python-dotenv where dialects differ, and stricter:
/// <list type="bullet">
/// <item><c>NAME=value</c>, one a line, <c>export</c> before it and blanks around <c>=</c> allowed; a name given twice is a fault.</item>
/// <item>Without quotes a value goes to the end of the line or to <c> #</c>, without the blanks around it; a backslash is a
/// backslash.</item>
/// <item><c>'…'</c> is taken as it stands, over several lines too; <c>"…"</c> as well, with <c>\n \r \t \" \\ \$</c>.</item>
/// <item>Without quotes and in <c>"…"</c>, <c>${NAME}</c> is the value of a variable above or of the environment,
/// <c>${NAME:-default}</c> has a default for one that is missing or empty, <c>${NAME-default}</c> for one that is missing.
/// A missing one without a default is a fault. <c>$NAME</c> and <c>$(command)</c> are text.</item>
/// </list>
/// </summary>
internal sealed class EnvReader
{
    private readonly TextCursor _cursor;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly ProblemList _problems;
    private readonly OrderedDictionary<string, Variable> _variables = new(StringComparer.Ordinal);
    private int _characters;

    private EnvReader(SourceText text, IReadOnlyDictionary<string, string> environment, ProblemList problems)
    {
        _cursor = new TextCursor(text);
        _environment = environment;
        _problems = problems;
    }

    /// <summary>As a configuration file: each variable is a key, <c>DB__HOST</c> is <c>db.host</c>.</summary>
    /// <exception cref="MalformedSourceException">The file can't be read to its end.</exception>
    public static ConfigMapping ReadRoot(SourceText text, ProblemList problems, CancellationToken cancellation) =>
        new VariableMapping("").Map(Read(text, new Dictionary<string, string>(), problems, cancellation), text.At(1, 1), problems);

    /// <summary>The variables, in their order.</summary>
    /// <exception cref="MalformedSourceException">The file can't be read to its end.</exception>
    public static IReadOnlyList<Variable> Read(
        SourceText text, IReadOnlyDictionary<string, string> environment, ProblemList problems, CancellationToken cancellation)
    {
        var reader = new EnvReader(text, environment, problems);
        while (!reader._cursor.IsAtEnd)
        {
            cancellation.ThrowIfCancellationRequested();
            reader.ReadLine();
        }

        return reader._variables.Values;
    }

    private void ReadLine()
    {
        _cursor.SkipBlanks();
        if (_cursor.Current != '#' && !_cursor.IsAtLineEnd)
            ReadVariable();
        if (_cursor.Current == '#')
            _cursor.SkipToLineEnd();
        if (!_cursor.IsAtLineEnd)
            throw _cursor.Fault("Text follows the end of the value.",
                "Put the whole value in quotes; a comment needs a blank before its `#`.");
        _cursor.AdvanceLine();
    }

    private void ReadVariable()
    {
        if (_cursor.StartsWith("export") && _cursor.Peek(6) is ' ' or '\t')
        {
            _cursor.Advance(6);
            _cursor.SkipBlanks();
        }

        var origin = _cursor.Origin;
        var name = ReadName();
        _cursor.SkipBlanks();
        if (name.Length == 0 || _cursor.Current != '=')
            throw _cursor.Fault("This line is not `NAME=value`.",
                "A name is made of letters, digits and `_`, and does not begin with a digit; a comment begins with `#`.");
        if (_variables.Count == ConfigurationLimits.Nodes)
            throw _cursor.Fault($"The file holds more than {ConfigurationLimits.Nodes:N0} variables.", "Split the file.");
        _cursor.Advance();
        _cursor.SkipBlanks();

        var valueOrigin = _cursor.Origin with { Variable = name };
        var variable = _cursor.Current switch
        {
            '\'' => new Variable(name, ReadLiteral(), IsQuoted: true, valueOrigin),
            '"' => new Variable(name, ReadQuoted(), IsQuoted: true, valueOrigin),
            _ => new Variable(name, ReadPlain(), IsQuoted: false, valueOrigin),
        };
        _cursor.SkipBlanks();
        if (!_variables.TryAdd(name, variable))
            _problems.Add(origin, name, $"The variable `{name}` is given twice, first at {_variables[name].Origin.Place}.",
                "Keep one of them.");
    }

    private string ReadName()
    {
        var start = _cursor.Position;
        while (char.IsAsciiLetter(_cursor.Current) || _cursor.Current == '_'
            || (_cursor.Position > start && char.IsAsciiDigit(_cursor.Current)))
            _cursor.Advance();
        return _cursor.Since(start);
    }

    private string ReadLiteral()
    {
        var opening = _cursor.Origin;
        _cursor.Advance();
        var start = _cursor.Position;
        while (_cursor.Current != '\'')
        {
            if (_cursor.IsAtEnd)
                throw Unclosed(opening);
            _cursor.Advance();
        }

        var text = _cursor.Since(start);
        _cursor.Advance();
        return text;
    }

    private string ReadQuoted()
    {
        var opening = _cursor.Origin;
        var text = new StringBuilder();
        _cursor.Advance();
        while (_cursor.Current != '"')
        {
            if (_cursor.IsAtEnd)
                throw Unclosed(opening);
            if (_cursor.Current == '\\')
            {
                _cursor.Advance();
                text.Append(Unescape());
                _cursor.Advance();
            }
            else
            {
                ReadCharacter(text, depth: 0);
            }
        }

        _cursor.Advance();
        return text.ToString();
    }

    private char Unescape() => _cursor.Current switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '"' or '\\' or '$' => _cursor.Current,
        _ => throw _cursor.Fault("An unknown escape in a text in double quotes.", "Write `\\\\` for a backslash, or use single quotes."),
    };

    private string ReadPlain()
    {
        var text = new StringBuilder();
        while (!_cursor.IsAtLineEnd)
        {
            if (_cursor.Current == '#' && (text.Length == 0 || char.IsWhiteSpace(text[^1])))
                break;
            ReadCharacter(text, depth: 0);
        }

        return text.ToString().TrimEnd(' ', '\t');
    }

    /// <summary>One character, or the value of one <c>${…}</c>.</summary>
    private void ReadCharacter(StringBuilder text, int depth)
    {
        if (_cursor.Current != '$' || _cursor.Peek(1) != '{')
        {
            text.Append(_cursor.Current);
            _cursor.Advance();
            return;
        }

        var origin = _cursor.Origin;
        if (depth > ConfigurationLimits.Depth)
            throw _cursor.Fault($"The defaults are nested deeper than {ConfigurationLimits.Depth} levels.", "Flatten them.");
        _cursor.Advance(2);
        var name = ReadName();
        var given = _variables.TryGetValue(name, out var variable) ? variable.Text : _environment.GetValueOrDefault(name);
        if (_cursor.StartsWith(":-"))
            given = ReadDefault(2, string.IsNullOrEmpty(given) ? null : given, origin, depth);
        else if (_cursor.Current == '-')
            given = ReadDefault(1, given, origin, depth);
        if (name.Length == 0 || _cursor.Current != '}')
            throw new MalformedSourceException(origin, "A `${` is not followed by a name and `}`.",
                "Write `${NAME}` or `${NAME:-default}`; put it in single quotes if it is text.");
        _cursor.Advance();
        if (given is null)
            _problems.Add(origin, null, $"`${{{name}}}` is given neither above nor in the environment.",
                $"Set it above, or write `${{{name}:-default}}`, where the default may be empty.");

        _characters += given?.Length ?? 0;
        if (_characters > ConfigurationLimits.JoinedCharacters)
            throw new MalformedSourceException(origin,
                $"The `${{…}}` of this file produce more than {ConfigurationLimits.JoinedCharacters:N0} characters.", "Refer to less.");
        text.Append(given);
    }

    private string ReadDefault(int length, string? given, Origin opening, int depth)
    {
        _cursor.Advance(length);
        var text = new StringBuilder();
        while (_cursor.Current != '}')
        {
            if (_cursor.IsAtLineEnd)
                throw new MalformedSourceException(opening, "A `${` is not closed in its line.", "Write `${NAME:-default}`.");
            ReadCharacter(text, depth + 1);
        }

        return given ?? text.ToString();
    }

    private static MalformedSourceException Unclosed(Origin opening) =>
        new(opening, "A quote is opened here and never closed.", "Close the quote.");
}
