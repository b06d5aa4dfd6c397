using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Environments;

/// <summary>
/// The wheel of <c>cordio</c>, the Python package that belongs to this version: made of the sources inside this assembly, the same bytes
/// each time. https://packaging.python.org/en/latest/specifications/binary-distribution-format/
/// </summary>
public static class CordioWheel
{
    public const string Package = "cordio";

    private const string Sources = "python/cordio/";

    /// <summary>The earliest time that a zip can hold.</summary>
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A plain file that all may read; the upper half of what a zip made on Unix says of a file.</summary>
    private const int Attributes = 0b1000_000_110_100_100 << 16;

    public static string Version => ProductVersion.Text;

    /// <summary>By which pip knows what it is for: any Python 3, on any machine.</summary>
    public static string FileName => $"{Package}-{Version}-py3-none-any.whl";

    public static byte[] Make()
    {
        var files = ReadSources().ToList();
        var info = $"{Package}-{Version}.dist-info/";
        files.Add((info + "METADATA", Encoding.UTF8.GetBytes(
            $"""
            Metadata-Version: 2.1
            Name: {Package}
            Version: {Version}
            Summary: What only lives inside a Python process that ServiceCtl runs: handlers, services, layers, points
            Requires-Python: >=3.9
            Provides-Extra: amqp
            Requires-Dist: aio-pika >=8 ; extra == 'amqp'
            Provides-Extra: models
            Requires-Dist: pydantic >=1.10 ; extra == 'models'
            Provides-Extra: server
            Requires-Dist: uvicorn >=0.17 ; extra == 'server'

            """)));
        files.Add((info + "WHEEL", "Wheel-Version: 1.0\nGenerator: servicectl\nRoot-Is-Purelib: true\nTag: py3-none-any\n"u8.ToArray()));
        files.Add((info + "top_level.txt", Encoding.UTF8.GetBytes(Package + "\n")));
        files.Add((info + "RECORD", RecordOf(files, info + "RECORD")));
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                // Not compressed: what a compressor makes of it is not the same in each of its versions.
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = Time;
                entry.ExternalAttributes = Attributes;
                using var target = entry.Open();
                target.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static IEnumerable<(string Name, byte[] Content)> ReadSources()
    {
        var assembly = typeof(CordioWheel).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Sources, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var source = assembly.GetManifestResourceStream(resource)!;
            using var content = new MemoryStream();
            source.CopyTo(content);
            yield return ($"{Package}/{resource[Sources.Length..]}", content.ToArray());
        }
    }

    private static byte[] RecordOf(IEnumerable<(string Name, byte[] Content)> files, string own)
    {
        var record = new StringBuilder();
        foreach (var (name, content) in files)
            record.Append(CultureInfo.InvariantCulture,
                $"{name},sha256={Base64Url.EncodeToString(SHA256.HashData(content))},{content.Length}\n");
        return Encoding.UTF8.GetBytes(record.Append(CultureInfo.InvariantCulture, $"{own},,\n").ToString());
    }
}
