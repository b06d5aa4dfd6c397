using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Deploying;

/// <summary>What makes a release serve: the agent, which owns the processes.</summary>
internal interface IReleaseSwitch
{
    /// <summary>
    /// Starts a generation from the release's folder, has it prove itself, points the link at the release, and drains the old one. Whatever
    /// fails before that leaves the link and what serves as they are.
    /// </summary>
    /// <param name="service">Its name; one that is not registered is registered by the link.</param>
    /// <param name="release">Absolute path of the release.</param>
    /// <param name="link">Absolute path of <c>current</c>.</param>
    /// <param name="checks">What the new generation has to show.</param>
    /// <param name="told">Hears of steps.</param>
    /// <param name="cancellation">Withdraws the order, as long as the link was not moved.</param>
    /// <exception cref="ServiceCtlException">The release does not serve.</exception>
    Task<OperationResult> SwitchAsync(
        string service, string release, string link, DeploySettings checks, Action<string> told, CancellationToken cancellation);
}
