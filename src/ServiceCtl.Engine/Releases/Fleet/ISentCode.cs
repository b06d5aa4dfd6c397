using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>What hosts are sent of a release, packed on this host.</summary>
internal interface ISentCode : IDisposable
{
    /// <param name="held">The commits that the host has already.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>A tar file; null where nothing has to be sent.</returns>
    /// <exception cref="ServiceCtlException">It can't be packed.</exception>
    Task<string?> FileForAsync(IReadOnlyList<string> held, CancellationToken cancellation);
}
