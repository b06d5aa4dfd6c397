using System.Buffers.Binary;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>Netlink's attributes: length and type in two bytes each, the value, and padding to four.</summary>
internal static class SocketAttribute
{
    /// <returns>The value; nothing when there is none of that type.</returns>
    internal static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, int type)
    {
        while (attributes.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < 4 || length > attributes.Length)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == type)
                return attributes[4..length];
            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return default;
    }
}
