using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Daemons;

/// <summary>The process that a daemon is.</summary>
/// <param name="Notifier">Speaks to systemd; null where that does not listen.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
/// <param name="End">Ends it.</param>
internal sealed record DaemonProcess(ServiceNotifier? Notifier, TextWriter Output, TextWriter Errors, Action End)
{
    /// <summary>This one.</summary>
    public static DaemonProcess Own() => new(ServiceNotifier.FromEnvironment(), Console.Out, Console.Error, () => Environment.Exit(0));
}
