using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Mounts what a <see cref="FileSystemView"/> asks for, in the mount namespace of this thread. Places that the service's user can change
/// are opened once, with that user's rights, and used by descriptor: a link put there meanwhile leads nothing to another place.
/// </summary>
internal sealed unsafe class MountView(FileSystemView view) : IDisposable
{
    /// <summary>systemd's, for PrivateTmp=disconnected: memory that nobody uses costs nothing.</summary>
    private const string PrivateOptions = "mode=1777,size=10%,nr_inodes=1m";

    private const string HiddenOptions = "mode=755,size=1m,nr_inodes=4k";

    private const nuint Plain = LinuxConstants.MountNoSetUser | LinuxConstants.MountNoDevices;

    private readonly List<Descriptor> _open = [];
    private readonly List<string> _attached = [];
    private string[] _covered = [];

    internal void Make()
    {
        Place[] hidden = OpenAll(view.Hidden);
        Place[] own = OpenAll(view.Private);
        Place[] readOnly = OpenAll(view.ReadOnly);
        _covered = [.. hidden.Concat(own).Select(place => place.Real)];
        if (view.User is not null)
            ThreadRights.Become(view.User);
        Place[] kept = OpenAll(view.Kept.Concat(view.Writable));
        if (view.User is not null)
            ThreadRights.BecomeRoot();
        string[] closed = [.. readOnly.Select(place => place.Real)];
        string[] writable = [.. view.Writable];
        (Place Place, Descriptor Tree)[] open =
            [.. kept.Where(place => writable.Contains(place.Path) && IsConcerned(place, [.. _covered, .. closed]))
                .Select(place => (place, Clone(place)))];

        foreach (Place place in readOnly)
            Close(place);
        // After that: what is read-only in them stays so.
        (Place Place, Descriptor? Tree)[] visible =
            [.. kept.Where(place => !writable.Contains(place.Path) && IsConcerned(place, _covered)).OrderBy(place => place.Real.Length)
                .Select(place => (place, CloneAgain(place)))];
        foreach (Place place in own)
            Cover(place, PrivateOptions);
        foreach (Place place in hidden)
            Cover(place, HiddenOptions);
        foreach ((Place place, Descriptor? tree) in visible)
            Attach(place, tree);
        foreach ((Place place, Descriptor tree) in open)
            Attach(place, tree);
        foreach (Place place in hidden.Where(place => !_attached.Contains(place.Real)))
            Require(Libc.Mount(null, place.Real, null,
                LinuxConstants.MountAgain | LinuxConstants.MountBind | LinuxConstants.MountReadOnly | Plain, null), place.Path);
    }

    /// <summary>Descriptors would keep the namespace longer than its processes do.</summary>
    public void Dispose()
    {
        foreach (Descriptor descriptor in _open)
            descriptor.Dispose();
    }

    private Place[] OpenAll(IEnumerable<string> paths) => [.. paths.Distinct().Select(Open).OfType<Place>()];

    /// <returns>Null where there is nothing, or nothing that may be reached.</returns>
    private Place? Open(string path)
    {
        int number = Libc.Open(path, LinuxConstants.OpenPath | LinuxConstants.OpenCloseOnExec);
        if (number < 0)
            return null;
        Descriptor file = Keep(number);
        return new FileInfo($"/proc/self/fd/{number}").LinkTarget is { } real ? new(path, real, file) : null;
    }

    /// <summary>Makes a tree read-only where it is.</summary>
    private void Close(Place place)
    {
        if (place.Real == "/")
        {
            SetReadOnly(LinuxConstants.CurrentDirectory, "/", LinuxConstants.Recursive, place.Path);
            return;
        }

        Descriptor tree = Clone(place);
        SetReadOnly(tree.Number, "", LinuxConstants.EmptyPath | LinuxConstants.Recursive, place.Path);
        Require((int)Libc.MoveMount(
            LinuxConstants.MoveMount, tree.Number, "", place.File.Number, "",
            LinuxConstants.MoveFromDescriptor | LinuxConstants.MoveToDescriptor), place.Path);
    }

    private static void SetReadOnly(int folder, string path, int flags, string shown)
    {
        ulong* attributes = stackalloc ulong[4];
        attributes[0] = LinuxConstants.MountReadOnly;
        attributes[1] = attributes[2] = attributes[3] = 0;
        Require((int)Libc.SetMountAttributes(LinuxConstants.MountSetAttributes, folder, path, flags, attributes, 4 * sizeof(ulong)), shown);
    }

    private static void Cover(Place place, string options) => Require(Libc.Mount("tmpfs", place.Real, "tmpfs", Plain, options), place.Path);

    private Descriptor Clone(Place place) => Tree(place.File.Number, "", LinuxConstants.EmptyPath, place.Path);

    /// <returns>What is there by now, with what was mounted in it; null when that is something else.</returns>
    private Descriptor? CloneAgain(Place place) =>
        Tree(LinuxConstants.CurrentDirectory, place.Real, 0, place.Path) is { } tree
            && FileFacts.Of(tree).Identity == FileFacts.Of(place.File).Identity ? tree : null;

    private Descriptor Tree(int folder, string path, int flags, string shown)
    {
        nint number = Libc.OpenTree(
            LinuxConstants.OpenTree, folder, path,
            flags | LinuxConstants.CloneTree | LinuxConstants.Recursive | LinuxConstants.OpenCloseOnExec);
        return number >= 0 ? Keep((int)number) : throw SystemError.Last($"keep {shown} in sight of a service", shown);
    }

    private Descriptor Keep(int number)
    {
        Descriptor descriptor = new(number);
        _open.Add(descriptor);
        return descriptor;
    }

    private void Attach(Place place, Descriptor? tree)
    {
        if (tree is null)
            return;
        if (IsBelowAny(place.Real, _covered) && !IsBelowAny(place.Real, _attached))
        {
            // Nobody else has been here yet.
            Prepare(place);
            Require((int)Libc.MoveMount(LinuxConstants.MoveMount, tree.Number, "", LinuxConstants.CurrentDirectory, place.Real,
                LinuxConstants.MoveFromDescriptor), place.Path);
            _attached.Add(place.Real);
        }
        else if (view.Writable.Contains(place.Path) && Open(place.Real) is { } now
            && FileFacts.Of(now.File).Identity == FileFacts.Of(place.File).Identity)
        {
            Require((int)Libc.MoveMount(
                LinuxConstants.MoveMount, tree.Number, "", now.File.Number, "",
                LinuxConstants.MoveFromDescriptor | LinuxConstants.MoveToDescriptor), place.Path);
        }

        if (place.Path != place.Real && IsBelowAny(place.Path, _covered) && !IsBelowAny(place.Path, _attached) && !Path.Exists(place.Path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place.Path)!);
            File.CreateSymbolicLink(place.Path, place.Real);
        }
    }

    private static void Prepare(Place place)
    {
        if (FileFacts.Of(place.File).IsFolder)
        {
            Directory.CreateDirectory(place.Real);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(place.Real)!);
        File.Create(place.Real).Dispose();
    }

    private static bool IsConcerned(Place place, string[] folders) => IsBelowAny(place.Real, folders) || IsBelowAny(place.Path, folders);

    private static bool IsBelowAny(string path, IEnumerable<string> folders) =>
        folders.Any(folder => path == folder || folder == "/" || path.StartsWith(folder + "/", StringComparison.Ordinal));

    private static void Require(int result, string path)
    {
        if (result != 0)
            throw SystemError.Of(Marshal.GetLastPInvokeError(), $"arrange {path} for a service", path);
    }

    /// <param name="Path">As it was written.</param>
    /// <param name="Real">Without links.</param>
    /// <param name="File">What it is.</param>
    private sealed record Place(string Path, string Real, Descriptor File);
}
