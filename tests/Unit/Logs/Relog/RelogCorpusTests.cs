using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Logs.Relog;

namespace ServiceCtl.Tests.Unit.Logs.Relog;

/// <summary>
/// Logs and what is to become of them, both written by hand: the files of the folder Corpus, each with what it is about in its first line.
/// </summary>
public sealed partial class RelogCorpusTests
{
    public static TheoryData<string> Cases =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Logs", "Relog", "Corpus");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_log_becomes_what_was_written_by_hand(string name)
    {
        var sections = Sections(File.ReadAllText(Path.Combine(Folder, name + ".txt")));
        var logs = sections.Where(section => section.Key.StartsWith("uwsgi", StringComparison.Ordinal))
            .Select(log => (log.Key, Encoding.Latin1.GetBytes(log.Value))).ToArray();

        Sorted sorted = Sorted.Of(ChunkReader.DefaultChunk, 1, logs);

        Assert.Equal(sections["exceptions.log"], sorted.Exceptions);
        Assert.Equal(sections["internal_errors.log"], sorted.InternalErrors);
        Assert.Equal(
            Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(sections["groups"])).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            sorted.Report.Groups.Select(group => $"{group.Count} {group.Type} | {group.Place} | {group.Message} | {group.Request}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(logs.Sum(log => Lines(log.Item2)), sorted.Report.LinesProcessed);
    }

    private static int Lines(byte[] log) => log.Count(character => character == (byte)'\n') + (log[^1] == (byte)'\n' ? 0 : 1);

    /// <summary>By name, as bytes in Latin-1. A log whose text says that it has no end has none.</summary>
    private static Dictionary<string, string> Sections(string text) => text.Split("\n=== ")[1..]
        .Select(section => $"{section.TrimEnd('\n')}\n".Split('\n', 2))
        .ToDictionary(section => section[0], section => Bytes(section[1], section[0]));

    private static string Bytes(string text, string name)
    {
        // gunicorn writes how far its clock is from UTC; what is expected is in this machine's time.
        string offset = new DateTimeOffset(new DateTime(2024, 5, 1, 10, 0, 0)).ToString("zzz", CultureInfo.InvariantCulture)
            .Replace(":", "", StringComparison.Ordinal);
        text = text.Replace("+0000", offset, StringComparison.Ordinal);
        string bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        bytes = Escaped().Replace(bytes,
            match => ((char)byte.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
        return name.StartsWith("uwsgi", StringComparison.Ordinal) && bytes.EndsWith("no end\n", StringComparison.Ordinal)
            ? bytes[..^1] : bytes;
    }

    [GeneratedRegex(@"\\x([0-9A-F]{2})")]
    private static partial Regex Escaped();
}
