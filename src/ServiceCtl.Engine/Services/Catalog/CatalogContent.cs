using System.Buffers;
using System.Text.Json;

namespace ServiceCtl.Engine.Services.Catalog;

/// <summary>
/// What the catalog's file holds: a line of JSON for each service. An order changes one of them, and a burst of orders writes the file
/// again and again, so lines that are as they were are not made again, nor is the room for them. Not safe to use from several threads.
/// </summary>
internal sealed class CatalogContent
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Dictionary<string, (CatalogEntry Entry, byte[] Text)> _lines = new(StringComparer.Ordinal);

    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> Of(IEnumerable<CatalogEntry> entries)
    {
        _text.ResetWrittenCount();
        foreach (var entry in entries)
        {
            if (!_lines.TryGetValue(entry.Name, out var line) || !ReferenceEquals(line.Entry, entry))
                _lines[entry.Name] = line = (entry, JsonSerializer.SerializeToUtf8Bytes(entry, CatalogJson.Default.CatalogEntry));
            _text.Write(_text.WrittenCount == 0 ? "[\n"u8 : ",\n"u8);
            _text.Write(line.Text);
        }

        _text.Write(_text.WrittenCount == 0 ? "[]\n"u8 : "\n]\n"u8);
        return _text.WrittenSpan;
    }

    public void Forget(string service) => _lines.Remove(service);
}
