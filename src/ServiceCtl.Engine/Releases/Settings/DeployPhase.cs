namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>The parts of a deploy that can be done alone, and that own steps come before or after. The words are Capistrano's.</summary>
internal enum DeployPhase
{
    /// <summary>Folders are made, and what has to be there is looked for.</summary>
    Starting,

    /// <summary>A release is made, up to the moment at which it could serve.</summary>
    Updating,

    /// <summary>The newest release that is ready takes over.</summary>
    Publishing,

    /// <summary>Old releases are deleted.</summary>
    Finishing,
}
