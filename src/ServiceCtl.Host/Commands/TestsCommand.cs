using System.CommandLine;
using System.CommandLine.Parsing;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>tests: runs tests.yaml. Ends with 1 when a critical test failed, or tests could not be run.</summary>
internal static class TestsCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names();
        var json = SharedOptions.Json();
        var tests = new Option<string[]>("--test-name") { Description = "Only tests whose names match one of these patterns.", HelpName = "pattern" };
        var timeout = SharedOptions.Timeout();
        timeout.Description = "Longest time for each test, in seconds (0.1 to 86400). Default: what tests.yaml says, else 30.";
        var output = new Option<string?>("--output-path") { Description = "Write the results as JUnit XML as well.", HelpName = "file" };
        var user = new Option<string?>("--user") { Description = "Who asks for the token, where tests.yaml has no 'auth'. Asked for on a terminal.", HelpName = "name" };
        var password = new Option<bool>("--password-stdin") { Description = "Read that user's password from standard input." };
        var command = new Command("tests", "Run the tests of tests.yaml: requests to the running service, and functions in its own interpreter.")
        {
            names, tests, timeout, output, user, password, json,
        };
        command.Validators.Add((CommandResult result) =>
        {
            if (result.GetValue(password) && result.GetValue(user) is null)
                result.AddError("--password-stdin needs --user.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            using var manager = Services.Open();
            var request = new ServiceTestRequest
            {
                Services = await Services.SelectAsync(manager, parsed.GetValue(names) ?? [], cancellation),
                Include = parsed.GetValue(tests) ?? [],
                TimeoutSeconds = parsed.GetValue(timeout),
                User = parsed.GetValue(user),
                Password = parsed.GetValue(password) ? await Console.In.ReadLineAsync(cancellation) : null,
            };
            return await RunAsync(manager, request, parsed.GetValue(output), parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(ServiceManager manager, ServiceTestRequest request, string? outputPath, bool json, CancellationToken cancellation)
    {
        var startedAt = DateTimeOffset.Now;
        var pages = new Dictionary<string, TestPage>();
        var events = new List<ServiceTestEvent>();
        var unknown = await RunOnceAsync(request, maySkip: request.Password is null && CredentialPrompt.IsPossible);
        if (unknown.Count > 0)
        {
            var (user, password) = CredentialPrompt.Ask($"The integration tests of {string.Join(", ", unknown)} need a token.", request.User);
            await RunOnceAsync(request with { Services = unknown, User = user, Password = password }, maySkip: false);
        }

        foreach (var page in pages.Values)
            await page.WriteEndAsync();
        if (json)
            await ConsoleOutput.WriteJsonAsync([.. events.Where(happened => happened.Result is not null || happened.Error is not null)], AgentJson.Default.IReadOnlyListServiceTestEvent);
        if (outputPath is not null)
            ServiceManager.WriteTestReport(outputPath, events, startedAt);
        if (events.Count == 0)
            await Console.Error.WriteLineAsync("No service matches; nothing was done.");
        return events.Exists(IsFailure) ? ExitCodes.Failed : ExitCodes.Success;

        // Returns the services that need a credential, when they may be left out for now.
        async Task<IReadOnlyList<string>> RunOnceAsync(ServiceTestRequest part, bool maySkip)
        {
            var skipped = new List<string>();
            await foreach (var happened in manager.TestAsync(part, cancellation))
            {
                if (maySkip && happened.Error is { Code: ErrorCode.CredentialRequired })
                {
                    skipped.Add(happened.Service);
                    continue;
                }

                events.Add(happened);
                if (json)
                    continue;
                if (!pages.TryGetValue(happened.Service, out var page))
                    pages.Add(happened.Service, page = new TestPage(happened.Service));
                await page.WriteAsync(happened);
            }

            return skipped;
        }
    }

    private static bool IsFailure(ServiceTestEvent happened) =>
        happened.Error is not null || happened.Result is { Outcome: ServiceTestOutcome.Failed, Critical: true };
}
