using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>The way to the agent of another host. By HTTP/2, since one channel carries everything that is asked of it.</summary>
internal sealed class HostRoute(HostLink link) : AgentRoute
{
    internal override string Place => link.HostName;

    internal override string HostName => link.HostName;

    internal override Version HttpVersion => System.Net.HttpVersion.Version20;

    internal override async ValueTask<Stream> ConnectAsync(CancellationToken cancellation) => await link.ConnectAsync(cancellation);

    internal override ServiceCtlException Unreachable(Exception error) => link.Lost(error);

    internal override ServiceCtlException OtherVersion(string message) => new(
        new ErrorReport
        {
            Code = ErrorCode.InvalidState,
            Target = link.HostName,
            HostName = link.HostName,
            Message = $"The command there is of version {link.Version}, this one of {ProductVersion.Text}, and the agent there may be "
                + $"older than both{message}",
            Advice = "Install the same version on both, and replace the agent there ('servicectl agent restart'); services keep running.",
        });

    private protected override void Close() => link.Dispose();
}
