using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Deploying;

/// <summary>Releases as users receive them.</summary>
internal static class ReleaseListing
{
    public static PyServiceRelease Describe(DeployContext context, Release release) => new()
    {
        Service = context.Service,
        Stage = context.Settings.Stage,
        Folder = context.Settings.Folder,
        Id = release.Id,
        State = release.State,
        Commit = release.Record.Commit,
        Branch = release.Record.Branch,
        By = release.Record.By,
        From = release.Record.From,
        HostName = context.Host?.Name,
        CreatedAt = release.Record.CreatedAt,
        PublishedAt = release.Record.PublishedAt,
        Path = context.Tree.PathOf(release.Id),
        Problem = release.Record.Problem,
    };

    public static PyServiceStage Describe(DeployContext context) => new()
    {
        Stage = context.Settings.Stage,
        Service = context.Service,
        Folder = context.Settings.Folder,
        DeployTo = context.Tree.Root,
        Files = context.Settings.Files,
        Hosts = [.. context.Settings.Hosts.Select(host => host.Name)],
        Current = context.Tree.FindCurrent(),
        Releases = context.Tree.List().Count,
        Lock = StageLock.Find(context.Tree),
    };
}
