using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Text;

/// <summary>A place in a text that moves on, and knows its line. Only <c>\n</c> and <c>\r\n</c> end a line.</summary>
internal sealed class TextCursor
{
    /// <summary>What is found beyond the end. A text can't hold it: <see cref="SourceText"/> refuses it.</summary>
    public const char End = '\0';

    private readonly SourceText _source;
    private readonly string _text;
    private int _line = 1;
    private int _lineStart;

    /// <inheritdoc cref="RequireWholeLineEnds"/>
    public TextCursor(SourceText source)
    {
        _source = source;
        _text = source.Text;
        RequireWholeLineEnds(source);
    }

    public int Position { get; private set; }

    public bool IsAtEnd => Position >= _text.Length;

    public bool IsAtLineEnd => IsAtEnd || Current is '\n' or '\r';

    public char Current => Peek(0);

    /// <summary>The place of the current character.</summary>
    public Origin Origin => _source.At(_line, Position - _lineStart + 1);

    /// <exception cref="MalformedSourceException">A carriage return that ends no line; what it would mean, formats and editors don't
    /// agree.</exception>
    public static void RequireWholeLineEnds(SourceText source)
    {
        var text = source.Text;
        for (var at = text.IndexOf('\r'); at >= 0; at = text.IndexOf('\r', at + 1))
        {
            if (at + 1 == text.Length || text[at + 1] != '\n')
                throw new MalformedSourceException(source.AtIndex(at), "A carriage return stands alone.",
                    "Save the file with the line ends of Unix or Windows.");
        }
    }

    public char Peek(int ahead) => Position + ahead < _text.Length ? _text[Position + ahead] : End;

    public bool StartsWith(string word) => string.CompareOrdinal(_text, Position, word, 0, word.Length) == 0;

    public string Since(int start) => _text[start..Position];

    /// <summary>Moves on; within a line by any number of characters, over a line's end one at a time.</summary>
    public void Advance(int count = 1)
    {
        if (Current == '\n')
        {
            _line++;
            _lineStart = Position + 1;
        }

        Position += count;
    }

    /// <summary>Moves over the line's end, if there is one.</summary>
    public void AdvanceLine()
    {
        if (Current == '\r')
            Advance();
        if (Current == '\n')
            Advance();
    }

    public void SkipBlanks()
    {
        while (Current is ' ' or '\t')
            Advance();
    }

    public void SkipToLineEnd()
    {
        while (!IsAtLineEnd)
            Advance();
    }

    public MalformedSourceException Fault(string message, string advice) => new(Origin, message, advice);
}
