using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Output;

/// <summary>What single hosts fail by while the others are read: written as it comes, and remembered by the exit code.</summary>
internal sealed class HostErrors
{
    private bool _any;

    public int ExitCode => _any ? ExitCodes.Failed : ExitCodes.Success;

    public Task WriteAsync(ErrorReport error)
    {
        _any = true;
        return ConsoleOutput.WriteErrorAsync(error);
    }
}
