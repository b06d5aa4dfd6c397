using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>The way to the hosts of a stage.</summary>
internal interface IHostDialler
{
    /// <summary>Opens a channel to a <see cref="HostSession"/> on a host.</summary>
    /// <exception cref="ServiceCtlException">It can't be reached.</exception>
    Task<IHostChannel> OpenAsync(StageHost host, CancellationToken cancellation);
}
