namespace ServiceCtl.Engine.Processes;

/// <summary>Limits of setrlimit(2), by their kernel numbers on x64 and arm64. Sizes are bytes unless said otherwise.</summary>
public enum ResourceLimit
{
    /// <summary>Seconds of processor time, of each process by itself.</summary>
    ProcessorSeconds = 0,
    FileSize = 1,
    Data = 2,
    Stack = 3,
    CoreSize = 4,

    /// <summary>Processes and threads of the user, not of the service alone. Root has no such limit.</summary>
    Processes = 6,

    /// <summary>The highest descriptor number plus one.</summary>
    OpenFiles = 7,
    LockedMemory = 8,

    /// <summary>Mapped, not resident, memory of each process by itself.</summary>
    AddressSpace = 9,
}
