using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Checks;

/// <summary>Runs tests.yaml of services: the integration tests first, in the order they are written, then the unit tests.</summary>
internal sealed class ServiceTester
{
    private readonly ProcessScopes _scopes;
    private readonly ExitWatcher _watcher;
    private readonly ServiceTestRequest _request;
    private readonly ChannelWriter<ServiceTestEvent> _events;
    private readonly bool _onlyCritical;

    /// <param name="scopes">Hold what the unit tests start.</param>
    /// <param name="watcher">Notices their ends.</param>
    /// <param name="request">What is to be run.</param>
    /// <param name="events">Hears of every result as it comes.</param>
    /// <param name="onlyCritical">Leave out the tests whose failure is a warning?</param>
    public ServiceTester(
        ProcessScopes scopes, ExitWatcher watcher, ServiceTestRequest request, ChannelWriter<ServiceTestEvent> events,
        bool onlyCritical = false)
    {
        _onlyCritical = onlyCritical;
        _scopes = scopes;
        _watcher = watcher;
        _request = request;
        _events = events;
    }

    /// <param name="definition">The service.</param>
    /// <param name="site">Where it is asked; null when it does not run.</param>
    /// <param name="cancellation">Ends the test that is running, and leaves out the others.</param>
    public async Task RunAsync(ServiceDefinition definition, ProbeSite? site, CancellationToken cancellation)
    {
        try
        {
            var limit = _request.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
            var file = await TestFileReader.ReadAsync(definition, limit, cancellation);
            IntegrationTest[] integration = [.. file.Integration.Where(test => IsIncluded(test.Name, test.Critical))];
            UnitTest[] unit = [.. file.Unit.Where(test => IsIncluded(test.Name, test.Critical))];
            // Before anything is run: whoever can ask for a credential does so, and orders the same again.
            if (integration.Length > 0 && definition.Auth.IsUsed && (file.Login ?? LoginOfRequest()) is null)
                throw TokenSource.WithoutLogin(definition);
            _events.TryWrite(new ServiceTestEvent { Service = definition.Name, Planned = integration.Length + unit.Length });
            await RunAsync(definition, site, file, integration, cancellation);
            await RunAsync(definition, unit, file.Mask, cancellation);
        }
        catch (ServiceCtlException error)
        {
            Report(definition.Name, error.Report);
        }
    }

    /// <summary>What keeps the integration tests from being asked is reported, and does not keep the unit tests.</summary>
    private async Task RunAsync(
        ServiceDefinition definition, ProbeSite? site, TestFile file, IntegrationTest[] tests, CancellationToken cancellation)
    {
        if (tests.Length == 0)
            return;

        if (site is null)
        {
            Report(definition.Name, new ErrorReport
            {
                Code = ErrorCode.InvalidState,
                Target = definition.Name,
                Message = $"{definition.Name} is not running, or listens nowhere, so its {tests.Length} integration tests were not run.",
                Advice = "Start it first; its unit tests don't need that.",
            });
            return;
        }

        try
        {
            var token = definition.Auth.IsUsed && (file.Login ?? LoginOfRequest()) is { } login
                ? await TokenSource.GetAsync(definition, login, cancellation) : null;
            using var tester = new IntegrationTester(definition.Name, site, token, file.TokenPlace);
            foreach (var test in tests)
                Report(await tester.RunAsync(test, cancellation));
        }
        catch (ServiceCtlException error)
        {
            Report(definition.Name, error.Report);
        }
    }

    private async Task RunAsync(ServiceDefinition definition, UnitTest[] tests, SecretMask mask, CancellationToken cancellation)
    {
        await using var tester = new UnitTester(definition, _scopes, _watcher, mask);
        foreach (var test in tests)
            Report(await tester.RunAsync(test, cancellation));
    }

    private Login? LoginOfRequest() => _request is { User: { } user, Password: { } password } ? new Login(user, password) : null;

    private bool IsIncluded(string name, bool isCritical) => (isCritical || !_onlyCritical)
        && (_request.Include.Count == 0 || _request.Include.Any(pattern => new NamePattern(pattern).Matches(name)));

    private void Report(PyServiceTestResult result) => _events.TryWrite(new ServiceTestEvent { Service = result.Service, Result = result });

    private void Report(string service, ErrorReport error) => _events.TryWrite(new ServiceTestEvent { Service = service, Error = error });
}
