using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>One call of posix_spawn: its attributes and file actions, as the C library keeps them.</summary>
internal static unsafe class PosixSpawn
{
    // Opaque to us. glibc and musl on 64 bits need 336 bytes for the attributes and 80 for the actions; signal sets are 128.
    private const int AttributesSize = 512;
    private const int ActionsSize = 256;
    private const int SignalSetSize = 128;

    private const int FirstPassed = 3;

    private static readonly bool HasCloseFrom = NativeLibrary.TryGetExport(
        NativeLibrary.Load("libc", typeof(PosixSpawn).Assembly, null), "posix_spawn_file_actions_addclosefrom_np", out _);

    /// <returns>0, or the error number: posix_spawn doesn't tell which step failed.</returns>
    internal static int Launch(ProcessSpec spec, out int pid)
    {
        using NativeStrings arguments = new([spec.FileName, .. spec.Arguments]);
        using NativeStrings environment = new([.. spec.Environment.Select(variable => $"{variable.Key}={variable.Value}")]);
        using HeldDescriptors held = new(FirstPassed + spec.PassedDescriptors.Count);

        byte* actions = stackalloc byte[ActionsSize];
        byte* attributes = stackalloc byte[AttributesSize];
        Require(Libc.SpawnActionsInit(actions));
        try
        {
            AddActions(actions, spec, held);
            Require(Libc.SpawnAttributesInit(attributes));
            try
            {
                SetAttributes(attributes);
                int child = 0;
                int error = Libc.PosixSpawn(&child, spec.FileName, actions, attributes, arguments.Pointer, environment.Pointer);
                pid = child;
                return error;
            }
            finally
            {
                _ = Libc.SpawnAttributesDestroy(attributes);
            }
        }
        finally
        {
            _ = Libc.SpawnActionsDestroy(actions);
        }
    }

    private static void AddActions(byte* actions, ProcessSpec spec, HeldDescriptors held)
    {
        Require(Libc.SpawnActionsAddChangeDirectory(actions, spec.WorkingDirectory));
        AddStream(actions, 0, spec.StandardInput, held);
        AddStream(actions, 1, spec.StandardOutput, held);
        AddStream(actions, 2, spec.StandardError, held);
        for (int i = 0; i < spec.PassedDescriptors.Count; i++)
            Require(Libc.SpawnActionsAddDuplicate(actions, held.Hold(spec.PassedDescriptors[i]), FirstPassed + i));

        // .NET opens everything close-on-exec, but what we inherited ourselves may not be.
        if (HasCloseFrom)
            Require(Libc.SpawnActionsAddCloseFrom(actions, FirstPassed + spec.PassedDescriptors.Count));
    }

    private static void AddStream(byte* actions, int target, SafeHandle? source, HeldDescriptors held) => Require(source is null
        ? Libc.SpawnActionsAddOpen(actions, target, "/dev/null", LinuxConstants.OpenReadWrite, 0)
        : Libc.SpawnActionsAddDuplicate(actions, held.Hold(source), target));

    private static void SetAttributes(byte* attributes)
    {
        byte* signals = stackalloc byte[SignalSetSize];
        Span<byte> set = new(signals, SignalSetSize);
        const short flags = LinuxConstants.SpawnSetSession | LinuxConstants.SpawnSetSignalDefaults | LinuxConstants.SpawnSetSignalMask;
        Require(Libc.SpawnAttributesSetFlags(attributes, flags));

        // .NET ignores SIGPIPE, and an ignored signal stays ignored through exec: a child that prints into a closed pipe would never end.
        set.Fill(0xFF);
        Require(Libc.SpawnAttributesSetSignalDefaults(attributes, signals));
        set.Clear();
        Require(Libc.SpawnAttributesSetSignalMask(attributes, signals));
    }

    private static void Require(int error)
    {
        if (error != 0)
            throw SystemError.Of(error, "prepare the start of a process");
    }
}
