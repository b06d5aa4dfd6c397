using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>A connection to a host; to dispose of it ends whatever waits for it.</summary>
internal interface IHostChannel : IDisposable
{
    Stream Stream { get; }

    /// <summary>What has ended the connection, in the words of what carried it.</summary>
    ServiceCtlException Lost(Exception error);
}
