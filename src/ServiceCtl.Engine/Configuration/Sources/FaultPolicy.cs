namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>What becomes of a file that can't be read or parsed.</summary>
public enum FaultPolicy
{
    /// <summary>Its faults are faults of the configuration.</summary>
    Stop,

    /// <summary>It is read in the first format that takes it whole; where none does, its faults are faults of the configuration.</summary>
    Try,

    /// <summary>Its faults are reported as warnings, and the whole file is left out.</summary>
    Skip,
}
