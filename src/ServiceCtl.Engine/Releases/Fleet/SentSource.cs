using System.IO.Pipelines;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>Code that was sent with the order, or, for a mirror, only which commit of it is meant.</summary>
internal sealed class SentSource(IReleaseSource? mirror, string? user) : IReleaseSource
{
    private HostOrder? _order;
    private PipeReader? _code;

    public string? Id => _order?.Release;

    public Repository? Repository => mirror?.Repository;

    private SourceRevision Revision => _order?.Revision ?? new SourceRevision("?", null, null);

    /// <summary>From now on it is about this order.</summary>
    public void Take(HostOrder order, PipeReader? code) => (_order, _code) = (order, code);

    public Task CheckAsync(CancellationToken cancellation) => mirror?.CheckAsync(cancellation) ?? Task.CompletedTask;

    public Task<SourceRevision> PeekAsync(CancellationToken cancellation) => Task.FromResult(Revision);

    public async Task<SourceRevision> ResolveAsync(CancellationToken cancellation) => mirror is null ? Revision
        // All hosts get the same commit, also when the branch has moved meanwhile.
        : (await mirror.ResolveAsync(cancellation)) with { Name = Revision.Name };

    public async Task UnpackAsync(SourceRevision revision, string folder, CancellationToken cancellation)
    {
        if (mirror is not null)
        {
            await mirror.UnpackAsync(revision, folder, cancellation);
            return;
        }

        if (_code is not { } code)
            throw new ServiceCtlException(ErrorCode.System, folder, "No code was sent.", "Deploy again.");
        await StreamedPair.FeedAsync(code.AsStream(leaveOpen: true), TarFile.Unpack(folder, 0, user),
            $"Unpacking {revision.Name} ({revision.Commit}) into {folder}", cancellation);
    }

    /// <summary>The source of a host's stage.</summary>
    public static SentSource Of(DeploySettings settings, Tree.ReleaseTree tree) =>
        new(settings.Via == SourceVia.Mirror ? new MirrorSource(settings, tree) : null, tree.Actor?.User);
}
