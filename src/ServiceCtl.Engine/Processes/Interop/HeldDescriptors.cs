using System.Runtime.InteropServices;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>
/// Keeps descriptors open for the time of a spawn. One whose number is among those that the child is to have is moved out of the way
/// first: dup2 onto it would replace it before its own turn comes.
/// </summary>
internal sealed class HeldDescriptors(int firstFree) : IDisposable
{
    private readonly List<SafeHandle> _held = [];
    private readonly List<Descriptor> _moved = [];

    /// <returns>The number to duplicate from.</returns>
    internal int Hold(SafeHandle handle)
    {
        bool added = false;
        handle.DangerousAddRef(ref added);
        _held.Add(handle);
        int number = (int)handle.DangerousGetHandle();
        if (number >= firstFree)
            return number;

        Descriptor duplicate = Descriptor.DuplicateAbove(handle, firstFree);
        _moved.Add(duplicate);
        return duplicate.Number;
    }

    public void Dispose()
    {
        foreach (Descriptor duplicate in _moved)
            duplicate.Dispose();
        foreach (SafeHandle handle in _held)
            handle.DangerousRelease();
    }
}
