using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Deploying;

/// <summary>What is done to a stage beside deploys.</summary>
internal static class StageUpkeep
{
    /// <summary>Deletes a release that does not serve.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ReleaseNotFound"/>; <see cref="ErrorCode.InvalidState"/>: it serves;
    /// <see cref="ErrorCode.StageLocked"/>.</exception>
    public static PyServiceRelease Remove(DeployContext context, string id)
    {
        var release = context.Tree.Get(id);
        using var held = StageLock.Take(context.Tree, context.Settings.Stage, context.By, $"delete {id}", context.From);
        if (context.Tree.Get(id).State == ReleaseState.Current)
            throw new ServiceCtlException(ErrorCode.InvalidState, id, $"The release {id} serves, so it is not deleted.",
                "Go back to another one, or deploy, first.");
        context.Tree.Delete(id);
        return ReleaseListing.Describe(context, release);
    }

    /// <summary>Keeps everybody from deploying to a stage, until it is unlocked.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StageLocked"/>: it is locked already.</exception>
    public static PyServiceStageLock Lock(DeployContext context, string message)
    {
        context.Tree.Make();
        return StageLock.TakeOnPurpose(context.Tree, context.Settings.Stage, context.By, message, context.From);
    }
}
