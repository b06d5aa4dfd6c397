namespace ServiceCtl.Engine.Daemons;

/// <summary>Breaks a daemon's work off in the aggressive mode (<c>SimpleDaemonExit</c> in Python).</summary>
public sealed class SimpleDaemonExitException() : Exception(Words)
{
    /// <summary>What the original prints as well.</summary>
    internal const string Words = "SimpleDaemon Exit";
}
