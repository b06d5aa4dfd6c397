using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>A group this host knows, from whichever source its name service asks.</summary>
internal static unsafe class LoginGroup
{
    private const int TooSmall = 34; // ERANGE

    /// <param name="nameOrNumber">A name wins over a number, as with chown(1); a number needs no entry.</param>
    /// <param name="target">What it is for.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there is no such group.</exception>
    internal static uint Get(string nameOrNumber, string target) =>
        Find(nameOrNumber)
            ?? (uint.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
                ? number : throw new ServiceCtlException(
                ErrorCode.InvalidArgument, target, $"This host has no group '{nameOrNumber}'.",
                $"Make the group (groupadd --system {nameOrNumber}), or correct the name."));

    private static uint? Find(string name)
    {
        for (int size = 1024; name.Length > 0 && !name.Contains('\0'); size *= 4)
        {
            byte[] buffer = new byte[size];
            GroupEntry entry;
            GroupEntry* found = null;
            int error;
            fixed (byte* start = buffer)
                error = Libc.GetGroupByName(name, &entry, start, (nuint)size, &found);
            if (error == TooSmall && size < 1 << 20)
                continue;
            return found is null ? null : entry.GroupId;
        }

        return null;
    }
}
