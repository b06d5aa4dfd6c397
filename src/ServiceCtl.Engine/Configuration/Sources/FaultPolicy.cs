namespace ServiceCtl.Engine.Configuration;

/// <summary>What becomes of a file that can't be read or parsed.</summary>
public enum FaultPolicy
{
    /// <summary>Its faults are faults of the configuration.</summary>
    Stop,

    /// <summary>Its faults are reported as warnings, and the whole file is left out.</summary>
    Skip,
}
