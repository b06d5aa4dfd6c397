using ServiceCtl.Engine.Releases.Fleet;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Client.Hosts;

/// <summary>Reaches the hosts of a stage by <c>ssh</c>.</summary>
internal sealed class SshDialler : IHostDialler
{
    public async Task<IHostChannel> OpenAsync(StageHost host, CancellationToken cancellation) =>
        await SshChannel.OpenAsync(HostAddress.Parse(host.Ssh), DialWords.Deploy, cancellation);
}
