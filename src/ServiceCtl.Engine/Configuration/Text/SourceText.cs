using System.Buffers;
using System.Globalization;
using System.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Text;

/// <summary>The text of a source and the places in it.</summary>
internal sealed class SourceText
{
    private static readonly SearchValues<char> ControlCharacters = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(code => (char)code).Where(character => character is not ('\t' or '\n' or '\r')), '\u007f']);

    private static readonly UnicodeEncoding LittleEndian = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    private readonly string? _folder;
    private readonly Origin? _onlyPlace;

    /// <exception cref="MalformedSourceException">A control character, with its place.</exception>
    public SourceText(string name, string text, string? folder = null)
        : this(name, text, folder, onlyPlace: null)
    {
    }

    /// <summary>A text within a source that has no lines, such as an option's value: all of it is at one place.</summary>
    /// <inheritdoc cref="SourceText(string, string, string?)"/>
    public SourceText(Origin onlyPlace, string text)
        : this(onlyPlace.Source, text, onlyPlace.Folder, onlyPlace)
    {
    }

    private SourceText(string name, string text, string? folder, Origin? onlyPlace)
    {
        _onlyPlace = onlyPlace;
        Name = name;
        Text = text;
        _folder = folder;

        var control = text.AsSpan().IndexOfAny(ControlCharacters);
        if (control >= 0)
        {
            throw new MalformedSourceException(
                AtIndex(control),
                string.Create(CultureInfo.InvariantCulture, $"The file holds a control character, U+{(int)text[control]:X4}."),
                text[control] == '\0'
                    ? "Is this a text file, saved as UTF-8? Remove the NUL bytes."
                    : "Remove it; inside double quotes write it as an escape such as \"\\x07\".");
        }
    }

    public string Name { get; }

    /// <summary>It came as UTF-16, which some formats don't allow.</summary>
    public bool IsUtf16 { get; private init; }

    public string Text { get; }

    /// <summary>UTF-8, or UTF-16 where a byte order mark says so (what older PowerShells write).</summary>
    /// <exception cref="MalformedSourceException">Bytes that are no text, with their place.</exception>
    public static SourceText Decode(string name, ReadOnlySpan<byte> bytes, string? folder)
    {
        if (bytes is [0xFF, 0xFE, ..])
            return new SourceText(name, DecodeWide(name, LittleEndian, bytes[2..]), folder) { IsUtf16 = true };
        if (bytes is [0xFE, 0xFF, ..])
            return new SourceText(name, DecodeWide(name, BigEndian, bytes[2..]), folder) { IsUtf16 = true };
        if (bytes is [0xEF, 0xBB, 0xBF, ..])
            bytes = bytes[3..];

        for (var position = 0; position < bytes.Length;)
        {
            var ascii = bytes[position..].IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (ascii < 0)
                break;
            position += ascii;
            if (Rune.DecodeFromUtf8(bytes[position..], out _, out var consumed) != OperationStatus.Done)
            {
                var before = new SourceText(name, Encoding.UTF8.GetString(bytes[..position]), folder);
                throw new MalformedSourceException(
                    before.AtIndex(before.Text.Length),
                    string.Create(CultureInfo.InvariantCulture, $"The byte 0x{bytes[position]:X2} here is not valid UTF-8."),
                    "Save the file as UTF-8.");
            }

            position += consumed;
        }

        return new SourceText(name, Encoding.UTF8.GetString(bytes), folder);
    }

    public Origin At(int? line, int? column) => _onlyPlace ?? new Origin(Name, line, column) { Folder = _folder };

    /// <summary>A parser's own idea of a place. At the end of the text some count a line that isn't there.</summary>
    public Origin At(long index, long line, long column) =>
        index >= Text.Length ? AtIndex(Text.Length) : At((int)Math.Max(1, line), (int)Math.Max(1, column));

    public Origin AtIndex(int index)
    {
        var before = Text.AsSpan(0, index);
        var line = 1;
        var lineStart = 0;
        for (var position = 0; position < before.Length; position++)
        {
            if (before[position] == '\n' || (before[position] == '\r' && (position + 1 == Text.Length || Text[position + 1] != '\n')))
            {
                line++;
                lineStart = position + 1;
            }
        }

        return At(line, index - lineStart + 1);
    }

    /// <summary>A line by its number from 1, without its end; empty beyond the text.</summary>
    public ReadOnlySpan<char> Line(int number)
    {
        foreach (var line in Text.AsSpan().EnumerateLines())
        {
            if (--number == 0)
                return line;
        }

        return [];
    }

    private static string DecodeWide(string name, Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new MalformedSourceException(
                new Origin(name, 1, 1), $"The file begins as UTF-16, but is not: {exception.Message}",
                "Save the file as UTF-8.", exception);
        }
    }
}
