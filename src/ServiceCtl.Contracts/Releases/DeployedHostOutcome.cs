namespace ServiceCtl.Contracts;

/// <summary>How far a host has come in a deploy of several.</summary>
public enum DeployedHostOutcome
{
    /// <summary>It was not its turn yet: what served there goes on serving.</summary>
    Untouched,

    /// <summary>What was asked for is done.</summary>
    Done,

    /// <summary>What it was to get serves there already.</summary>
    Unchanged,

    /// <summary>It had switched, and has gone back to what it had before.</summary>
    Restored,

    /// <summary>It has failed, and what served there goes on serving.</summary>
    Failed,

    /// <summary>It can't be reached any more: only it knows what it has.</summary>
    Unknown,
}
