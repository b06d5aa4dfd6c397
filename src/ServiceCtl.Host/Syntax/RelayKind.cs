namespace ServiceCtl.Host.Syntax;

/// <summary>What another host's command is given when it does a verb.</summary>
internal enum RelayKind
{
    /// <summary>Nothing: what it prints is printed here.</summary>
    Text,

    /// <summary>The terminal, on one host.</summary>
    Terminal,

    /// <summary>The terminal, for a command of the user's, whose exit code is passed on whatever it is.</summary>
    Program,
}
