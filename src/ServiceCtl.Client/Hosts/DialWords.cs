namespace ServiceCtl.Client.Hosts;

/// <summary>
/// What <c>servicectl agent dial</c> says before its standard input and output are a connection to the agent: a line that it is there, and
/// one that the agent is, or why not.
/// </summary>
internal static class DialWords
{
    /// <summary>
    /// Begins the first line; the version of the command follows. What a shell's start files print before it is passed over.
    /// </summary>
    public const string Hello = "servicectl dial 1 ";

    /// <summary>What is run over there, for its agent and for a deploy.</summary>
    public const string Agent = "agent dial", Deploy = "agent deploy";

    public const string Ready = "ready";

    /// <summary>Begins the last line of one that can't connect; an error report as JSON follows.</summary>
    public const string Failed = "failed ";
}
