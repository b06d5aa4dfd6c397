using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>What the command of another host has answered.</summary>
/// <param name="Host">Which.</param>
/// <param name="Code">Its exit code.</param>
/// <param name="Value">What it printed; null for nothing.</param>
/// <param name="Errors">What it failed by, wholly or in part.</param>
/// <param name="LastLine">The last line that it wrote beside them.</param>
internal sealed record HostReply<T>(PyServiceHost Host, int Code, T? Value, IReadOnlyList<ErrorReport> Errors, string LastLine)
    where T : class
{
    /// <summary>There is nothing to tell of: neither an answer nor an error.</summary>
    public bool HasNothing => Value is null && Errors.Count == 0 && Code is 0 or HostCommand.NotRunning;

    /// <summary>The answer, where there is no other to report.</summary>
    /// <exception cref="ServiceCtlException">What it failed by.</exception>
    public T Whole => Errors.Count > 0 ? throw new ServiceCtlException(Errors[0]) : Value ?? throw SshFailure.OtherCommand(Host, LastLine);

    /// <summary>The answer, after each error was reported.</summary>
    public T? Reported(Action<ErrorReport> report)
    {
        foreach (var error in Errors)
            report(error);
        return Errors.Count > 0 ? Value : Whole;
    }
}
