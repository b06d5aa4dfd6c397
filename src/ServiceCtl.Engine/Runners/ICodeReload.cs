using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Runners;

/// <summary>How a running server is made to reload its code.</summary>
public interface ICodeReload
{
    /// <summary>Imports the code as the server would, in a process of its own that serves nothing.</summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ImportFailed"/>, with the traceback in <see cref="ErrorReport.LogLines"/>;
    /// <see cref="ErrorCode.InvalidState"/>: this server would not load it.
    /// </exception>
    Task CheckCodeAsync(CancellationToken cancellation);

    /// <summary>Makes the running server reload its code, and returns when the new code serves, or when the process has ended.</summary>
    /// <param name="process">The server.</param>
    /// <param name="drain">How long the requests of the old workers may still take.</param>
    /// <param name="limit">How long it may take in all.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many workers had to end in the middle of a request.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.NotReady"/>.</exception>
    Task<int> ReloadAsync(ChildProcess process, TimeSpan drain, TimeSpan limit, CancellationToken cancellation);
}
