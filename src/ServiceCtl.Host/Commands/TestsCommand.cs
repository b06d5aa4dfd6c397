using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>tests: runs tests.yaml. Exits with 1 if a critical test failed, or tests could not be run.</summary>
internal static class TestsCommand
{
    public static Command Create()
    {
        var names = SharedOptions.Names();
        var json = SharedOptions.Json();
        var tests = new Option<string[]>("--test-name")
        {
            Description = "Run tests whose names match this pattern; may be repeated.",
            HelpName = "pattern"
        };
        var timeout = SharedOptions.Timeout("Time limit of each test, 0.1s to 1d. Default: what tests.yaml says, else 30s.");
        var output = OptionValues.FilePath("--output-path", "Write the results as JUnit XML, too, into a file of this host.", "file");
        var user = OptionValues.Word("--user",
            "The user to get a token for, where tests.yaml has no 'auth'. On a terminal you are asked.", "name");
        var password = new Option<bool>("--password-stdin") { Description = "Read the user's password from standard input." };
        var command = new Verb("tests", "Run the tests of tests.yaml: requests to the running service, and functions in its interpreter.",
            [
                ("servicectl tests web", "Run all of them."),
                ("servicectl tests web --test-name 'login*' --timeout 5s", "Run some, with a time limit."),
                ("servicectl tests '*' --output-path results.xml", "Run those of all services, and write JUnit XML."),
            ],
            "Exits with 1 if a critical test failed, or tests could not be run.")
        {
            names, tests, timeout, output, user, password, json,
        };
        command.Rules.Add(parsed => parsed.GetValue(password) && parsed.GetValue(user) is null ? "--password-stdin needs --user." : null);
        var options = HostOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var hosts = options.Open(parsed);
            var request = new ServiceTestRequest
            {
                Services = await Services.SelectAsync(hosts, parsed.GetValue(names) ?? [], cancellation),
                Include = parsed.GetValue(tests) ?? [],
                TimeoutSeconds = parsed.GetValue(timeout)?.TotalSeconds,
                User = parsed.GetValue(user),
                Password = parsed.GetValue(password) ? await Console.In.ReadLineAsync(cancellation) : null,
            };
            return await RunAsync(hosts, request, parsed.GetValue(output), parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        HostGroup hosts, ServiceTestRequest request, string? outputPath, bool json, CancellationToken cancellation)
    {
        var startedAt = DateTimeOffset.Now;
        var pages = new Dictionary<(string? Host, string Service), TestPage>();
        var events = new List<ServiceTestEvent>();
        TestPage? last = null;
        var unknown = await RunOnceAsync(request, maySkip: request.Password is null && CredentialPrompt.IsPossible);
        if (unknown.Count > 0)
        {
            var (user, password) = CredentialPrompt.Ask($"The integration tests of {string.Join(", ", unknown)} need a token.",
                request.User);
            await RunOnceAsync(request with { Services = unknown, User = user, Password = password }, maySkip: false);
        }

        foreach (var page in pages.Values)
            await page.WriteEndAsync();
        if (json)
            await ConsoleOutput.WriteJsonAsync([.. events.Where(happened => happened.Result is not null || happened.Error is not null)],
                AgentJson.Default.IReadOnlyListServiceTestEvent);
        if (outputPath is not null)
            TestVerbs.WriteReport(outputPath, events, startedAt);
        if (events.Count == 0)
            await Services.WriteNoMatchAsync(request.Services);
        return events.Exists(IsFailure) ? ExitCodes.Failed : ExitCodes.Success;

        // Returns the services that need a credential, when they may be left out for now.
        async Task<IReadOnlyList<string>> RunOnceAsync(ServiceTestRequest part, bool maySkip)
        {
            var skipped = new List<string>();
            await foreach (var answer in hosts.StreamAsync(host => host.Tests.RunAsync(part, cancellation), cancellation))
            {
                // A host that could not be asked has an error, as a service has that could not be tested.
                var happened = answer.Value ?? new ServiceTestEvent { Service = answer.Host.HostName!, Error = answer.Error };
                if (maySkip && happened.Error is { Code: ErrorCode.CredentialRequired })
                {
                    skipped.Add(happened.Service);
                    continue;
                }

                events.Add(happened);
                if (json)
                    continue;
                var (host, key) = (answer.Host.HostName, (answer.Host.HostName, happened.Service));
                if (!pages.TryGetValue(key, out var page))
                    pages.Add(key, page = new TestPage(host is null ? happened.Service : $"{host}: {happened.Service}"));
                // Services are tested beside each other.
                await page.WriteAsync(happened, isApart: last is not null && last != page);
                last = page;
            }

            return skipped;
        }
    }

    private static bool IsFailure(ServiceTestEvent happened) =>
        happened.Error is not null || happened.Result is { Outcome: ServiceTestOutcome.Failed, Critical: true };
}
