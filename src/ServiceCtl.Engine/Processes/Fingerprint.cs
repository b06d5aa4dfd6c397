using System.Globalization;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Tells contents apart that nobody forges: 64-bit FNV-1a. A cryptographic hash would load OpenSSL into the process, which takes 20 ms and
/// 5 MB. See https://datatracker.ietf.org/doc/html/draft-eastlake-fnv.
/// </summary>
internal static class Fingerprint
{
    /// <returns>16 hexadecimal digits.</returns>
    internal static string Of(ReadOnlySpan<byte> content)
    {
        ulong hash = 0xcbf29ce484222325;
        foreach (byte part in content)
            hash = (hash ^ part) * 0x100000001b3;
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
