using System.ComponentModel;
using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Client;

/// <summary>A command of a service, ready to be started.</summary>
public sealed class ServiceCommand
{
    private readonly string _service;
    private readonly FileSystemView? _view;

    internal ServiceCommand(string service, ProcessStartInfo start, FileSystemView? view)
    {
        _service = service;
        Info = start;
        _view = view;
    }

    /// <summary>How it is started; its streams may still be redirected.</summary>
    public ProcessStartInfo Info { get; }

    /// <summary>Starts it, in the service's sandbox.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>: it is no program.</exception>
    public Process Start()
    {
        try
        {
            return _view is not null && LocalHost.HasServices
                ? MountNamespace.Run(_view, () => Process.Start(Info)!) : Process.Start(Info)!;
        }
        catch (Win32Exception error)
        {
            throw new ServiceCtlException(
                ErrorCode.System, _service, $"{Info.FileName} can't be run: {error.Message}",
                "Make it executable, or name its interpreter first.", error);
        }
    }

    /// <summary>Ends what was started, with all that it started itself on this host.</summary>
    public static void End(Process process)
    {
        // Elsewhere it is ssh, which starts nobody.
        if (LocalHost.HasServices)
            ProcessTree.Kill(process);
        else
            process.Kill();
    }
}
