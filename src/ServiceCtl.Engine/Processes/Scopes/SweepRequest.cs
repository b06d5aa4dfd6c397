namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>One generation that waits for the sweeper: to be ended, or only to be looked at.</summary>
internal sealed class SweepRequest(ProcessScope scope, long begun, TimeSpan? limit)
{
    internal ProcessScope Scope => scope;

    /// <summary>When it was given, in ticks of the clock that the sweeper goes by.</summary>
    internal long Begun => begun;

    /// <summary>How long the ending may take; null: nobody is to be ended.</summary>
    internal TimeSpan? Limit => limit;

    internal Dictionary<ProcessIdentity, ScopeMember> Found { get; } = [];

    /// <summary>How many looks in a row have found nobody.</summary>
    internal int EmptyLooks { get; set; }

    /// <summary>Signals were sent already.</summary>
    internal bool IsStubborn { get; set; }

    /// <summary>Why a signal could not be sent.</summary>
    internal Dictionary<ProcessIdentity, string> Refused { get; } = [];

    internal TaskCompletionSource<EndReport> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
