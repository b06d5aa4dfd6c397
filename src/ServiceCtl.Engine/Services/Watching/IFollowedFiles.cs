namespace ServiceCtl.Engine.Services.Watching;

/// <summary>Files whose changes are of interest, with everything on the way to them.</summary>
internal interface IFollowedFiles
{
    /// <summary>The folders and names that are watched at the moment; kept by who watches.</summary>
    IReadOnlySet<(string Folder, string Name)> Trail { get; set; }

    /// <summary>The folders and names that should be: links may lead elsewhere than before.</summary>
    IReadOnlySet<(string Folder, string Name)> FindWatchPoints();

    /// <summary>Something happened to one of them. Quick; must not throw.</summary>
    void Signal();
}
