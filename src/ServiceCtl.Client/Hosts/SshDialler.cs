using System.Runtime.Versioning;
using ServiceCtl.Engine.Releases.Fleet;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Client.Hosts;

/// <summary>Reaches the hosts of a stage by <c>ssh</c>.</summary>
/// <param name="isSudo">What is run there is run by root, whoever logs in.</param>
[SupportedOSPlatform("linux")]
internal sealed class SshDialler(bool isSudo) : IHostDialler
{
    public async Task<IHostChannel> OpenAsync(StageHost host, CancellationToken cancellation) =>
        await SshChannel.OpenAsync(HostAddress.Parse(host.Ssh) with { Sudo = isSudo }, DialWords.Deploy, cancellation);
}
