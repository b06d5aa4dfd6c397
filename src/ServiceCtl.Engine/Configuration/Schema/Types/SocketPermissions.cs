using System.Globalization;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>Who may connect to a Unix socket, as far as that was said.</summary>
/// <param name="Mode">Of the socket's file; writing is connecting.</param>
/// <param name="Owner">A user, by name or number.</param>
/// <param name="Group">A group, by name or number.</param>
public sealed record SocketPermissions(UnixFileMode? Mode, string? Owner, string? Group)
{
    /// <summary>Reads permissions as chmod(1) does, in octal digits: <c>660</c>, <c>0660</c>, <c>0o660</c>.</summary>
    public static bool TryParseMode(string text, out UnixFileMode mode)
    {
        var digits = text.Trim();
        if (digits.StartsWith("0o", StringComparison.OrdinalIgnoreCase))
            digits = digits[2..];
        var isMode = digits.Length is > 0 and <= 4 && digits.All(digit => digit is >= '0' and <= '7')
            && Convert.ToInt32(digits, 8) <= 0b111_111_111;
        mode = isMode ? (UnixFileMode)Convert.ToInt32(digits, 8) : UnixFileMode.None;
        return isMode;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Owner}:{Group} {Convert.ToString((int)(Mode ?? 0), 8)}");
}
