using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Remote;

/// <summary>Gets what comes from <see cref="RemoteSources"/>.</summary>
internal interface IRemoteReceiver
{
    /// <param name="text">A configuration.</param>
    /// <param name="source">Who pushes it.</param>
    /// <param name="format">Of the text.</param>
    Task PushAsync(string text, string source, ConfigFormat format);

    void SetAddresses(string module, IReadOnlyList<string> hosts);

    /// <summary>Hears what can't be followed.</summary>
    void Warn(string message);
}
