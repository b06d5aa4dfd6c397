using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// One set of Landlock's rules. They only allow, each a folder with all that is in it: so everything is allowed that is not on the way to
/// a closed place, by going down to that. A folder on that way is itself no part of any rule: nothing new can be made in it, and where
/// homes are closed it can't be listed.
/// </summary>
internal sealed unsafe class LandlockRules : IDisposable
{
    private const ulong Execute = 1 << 0;
    private const ulong WriteFile = 1 << 1;
    private const ulong ReadFile = 1 << 2;
    private const ulong Read = Execute | ReadFile | 1 << 3;   // READ_DIR

    /// <summary>Write, remove (4, 5), make (6 to 12); since version 2 move elsewhere (13), since 3 truncate (14).</summary>
    private const ulong FirstWrite = WriteFile | 0b1_1111_1111ul << 4;

    private const ulong Move = 1 << 13;
    private const ulong Truncate = 1 << 14;

    /// <summary>A home with more in it than this has its files in folders.</summary>
    private const int MostRules = 20_000;

    private readonly ulong _write;
    private readonly HashSet<string> _added = [];
    private Descriptor? _set;

    /// <param name="version">Of the kernel's Landlock.</param>
    internal LandlockRules(int version) => _write = FirstWrite | (version >= 2 ? Move : 0) | (version >= 3 ? Truncate : 0);

    internal void Add(FileSystemView view)
    {
        string[] hidden = Real(view.Hidden), closed = Real(view.ReadOnly), concerned = [.. hidden, .. closed];
        // Of a program in /bin the whole installation is kept: that is /, and closed by nobody.
        string[] writable = [.. Real(view.Writable).Where(place => IsBelowAny(place, concerned))];
        string[] kept = [.. Real(view.Kept).Where(place => IsBelowAny(place, concerned)).Concat(writable)];
        ulong handled = hidden.Length > 0 ? Read | _write : _write;
        long rules = Libc.CreateRuleset(LinuxConstants.CreateRuleset, &handled, sizeof(ulong), 0);
        _set = rules >= 0 ? new Descriptor((int)rules) : throw SystemError.Last("make a set of Landlock's rules");

        AllowBut("/", _write, concerned);
        if (hidden.Length > 0)
            AllowBut("/", Read, hidden);
        foreach (string place in kept)
        {
            if (!IsBelowAny(place, closed))
                AllowBut(place, _write, closed);
            if (hidden.Length > 0)
                Allow(place, Read);
        }

        foreach (string place in writable)
            Allow(place, _write);
    }

    /// <summary>From here on this thread, and what it starts.</summary>
    internal void Enforce()
    {
        if (Libc.RestrictSelf(LinuxConstants.RestrictSelf, _set!.Number, 0) != 0)
            throw SystemError.Last("enforce Landlock's rules");
    }

    public void Dispose() => _set?.Dispose();

    private void AllowBut(string place, ulong access, string[] closed)
    {
        if (IsBelowAny(place, closed))
            return;
        if (!closed.Any(other => IsBelowAny(other, [place])))
        {
            Allow(place, access);
            return;
        }

        foreach (FileSystemInfo entry in EntriesOf(place).Where(entry => entry.LinkTarget is null))
            AllowBut(entry.FullName, access, closed);
    }

    private static FileSystemInfo[] EntriesOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetFileSystemInfos();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What this user may not list, what it starts may not either.
            return [];
        }
    }

    private void Allow(string place, ulong access)
    {
        int number = Libc.Open(place, LinuxConstants.OpenPath | LinuxConstants.OpenCloseOnExec);
        if (number < 0)
            return;
        using Descriptor file = new(number);
        if (!FileFacts.Of(file).IsFolder)
            access &= Execute | ReadFile | WriteFile | (_write & Truncate);
        if (!_added.Add($"{access}{place}"))
            return;
        if (_added.Count > MostRules)
            throw new ServiceCtlException(
                ErrorCode.System, place, $"Beside what is closed to a service there are more than {MostRules} files and folders.",
                "Put the service's folder where less is beside it.");
        // struct landlock_path_beneath_attr, which is packed.
        byte* rule = stackalloc byte[12];
        *(ulong*)rule = access;
        *(int*)(rule + 8) = number;
        if (Libc.AddRule(LinuxConstants.AddRule, _set!.Number, LinuxConstants.LandlockPath, rule, 0) != 0)
            throw SystemError.Last($"leave {place} open to a service", place);
    }

    /// <summary>Without links; what is not there is passed over.</summary>
    private static string[] Real(IReadOnlyList<string> paths) => [.. paths.Select(RealOf).OfType<string>().Distinct()];

    private static string? RealOf(string path)
    {
        int number = Libc.Open(path, LinuxConstants.OpenPath | LinuxConstants.OpenCloseOnExec);
        if (number < 0)
            return null;
        using Descriptor file = new(number);
        return new FileInfo($"/proc/self/fd/{number}").LinkTarget;
    }

    private static bool IsBelowAny(string path, string[] folders) => Array.Exists(
        folders, folder => path == folder || folder == "/" || path.StartsWith(folder + "/", StringComparison.Ordinal));
}
