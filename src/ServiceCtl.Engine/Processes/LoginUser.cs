using System.Globalization;
using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>A user this host knows, from whichever source its name service asks (files, LDAP, …).</summary>
internal sealed record LoginUser(string Name, uint UserId, uint GroupId, string HomeFolder, string Shell)
{
    private const int TooSmall = 34; // ERANGE

    /// <param name="nameOrNumber">A name wins over a number, as with chown(1).</param>
    /// <returns>Null when there is no such user. A bare number without an entry is none: its group and home would be anybody's
    /// guess.</returns>
    internal static LoginUser? Find(string nameOrNumber) =>
        nameOrNumber.Length == 0 || nameOrNumber.Contains('\0') ? null
        : Ask(nameOrNumber, 0)
            ?? (uint.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? Ask(null, number) : null);

    /// <returns>Null when nobody has that number.</returns>
    internal static LoginUser? Find(uint number) => Ask(null, number);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there is no such user.</exception>
    internal static LoginUser Get(string nameOrNumber, string target) => Find(nameOrNumber) ?? throw new ServiceCtlException(
        ErrorCode.InvalidArgument, target, $"This host has no user '{nameOrNumber}'.",
        $"Make the user (useradd --system {nameOrNumber}), or correct service.user.");

    private static unsafe LoginUser? Ask(string? name, uint number)
    {
        for (int size = 1024; ; size *= 4)
        {
            byte[] buffer = new byte[size];
            PasswordEntry entry;
            PasswordEntry* found = null;
            fixed (byte* start = buffer)
            {
                int error = name is null
                    ? Libc.GetUserById(number, &entry, start, (nuint)size, &found)
                    : Libc.GetUserByName(name, &entry, start, (nuint)size, &found);
                if (error == TooSmall && size < 1 << 20)
                    continue;

                // Several errors mean no more than "not found": getpwnam_r(3) lists them.
                if (error is not 0 and not (Errno.NoEntry or Errno.NoProcess or Errno.BadDescriptor or Errno.NotPermitted))
                    throw SystemError.Of(error, $"look up the user {name ?? number.ToString(CultureInfo.InvariantCulture)}");
                return found is null
                    ? null : new(Text(found->Name), found->UserId, found->GroupId, Text(found->HomeFolder), Text(found->Shell));
            }
        }
    }

    private static unsafe string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
