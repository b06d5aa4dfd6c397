using System.Runtime.Versioning;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Client;

/// <summary>Has the agent make a release serve.</summary>
[SupportedOSPlatform("linux")]
internal sealed class AgentSwitch(ServiceVerbs services) : IReleaseSwitch
{
    public async Task<OperationResult> SwitchAsync(
        string service, string release, string link, DeploySettings checks, Action<string> told, CancellationToken cancellation)
    {
        var request = new ReleaseSwitchRequest
        {
            Service = service,
            Release = release,
            Link = link,
            Checks = new ReleaseChecks
            {
                Pages = [.. checks.Http.Select(page => new ReleasePage { Path = page })],
                HoldSeconds = checks.Hold.TotalSeconds,
                Tests = checks.Tests,
            },
            Canary = checks.Canary is { } canary ? new ReleaseCanary
            {
                Shares = canary.Shares,
                StepSeconds = canary.Step.TotalSeconds,
                MinRequests = canary.MinRequests,
                NewExceptions = canary.NewExceptions,
                ErrorRate = canary.ErrorRate,
                SlowerThan = canary.SlowerThan,
            } : null,
        };
        var result = await services.SwitchReleaseAsync(request, new Steps(told), cancellation);
        return result.Error is { } error ? throw new ServiceCtlException(error) : result;
    }

    private sealed class Steps(Action<string> told) : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value) => told(value.Step);
    }
}
