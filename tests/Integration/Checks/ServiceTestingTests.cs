using System.Diagnostics;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Checks;

/// <summary>tests.yaml on a real service under real uWSGI: the sample's own, and what goes wrong.</summary>
public sealed class ServiceTestingTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task The_samples_tests_pass()
    {
        var service = await StartSampleAsync();

        var run = await _home.RunAsync(service.Folder, "tests");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Contains("sample: 6 passed, 0 failed, 0 failed but not critical", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_say_what_was_expected_and_only_critical_ones_count()
    {
        var service = await StartSampleAsync();
        File.WriteAllText(Path.Combine(service.Folder, "tests.yaml"), """
            integration:
              - {name: wrong sum, request: '{"method": "add", "params": [2, 3]}', expected: {result: 6}, critical: false}
              - {name: no JSON, request: {method: ping}, expected: {}, path: /version, critical: 0}
            unit:
              - {name: adds_numbers, from: checks, import: adds_numbers}
              - {name: forgets_to_check, from: checks, import: forgets_to_check, expected: true, critical: "0"}
            """);

        var tolerated = await TestAsync(service.Name);
        var tolerant = await _home.RunAsync(service.Folder, "tests");
        service.Replace("tests.yaml", "critical: false", "critical: true");
        var strict = await _home.RunAsync(service.Folder, "tests");

        var results = tolerated.Select(happened => happened.Result).OfType<PyServiceTestResult>().ToArray();
        Assert.Equal(["result: expected 6, got 5"], results[0].Differences);
        Assert.Equal($"{service.Folder}/tests.yaml:2:5", results[0].Place);
        Assert.StartsWith("The answer is not JSON (status 405)", results[1].Message, StringComparison.Ordinal);
        Assert.Equal([ServiceTestOutcome.Failed, ServiceTestOutcome.Failed, ServiceTestOutcome.Passed, ServiceTestOutcome.Failed],
            results.Select(result => result.Outcome));
        Assert.True(tolerant.Code == 0, tolerant.ToString());
        Assert.True(strict.Code == 1, strict.ToString());
        Assert.Contains("FAILED  wrong sum", strict.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_that_hangs_is_ended_with_everything_it_started_and_the_others_go_on()
    {
        var service = await StartSampleAsync();
        File.AppendAllText(Path.Combine(service.Folder, "checks.py"), """

            def hangs():
                import os, subprocess, time
                helper = subprocess.Popen(['sleep', '1000'], start_new_session=True)
                print('helper', helper.pid)
                time.sleep(1000)

            def dies():
                import os
                os._exit(7)

            def raises():
                raise SystemExit('not like this')

            def shows_its_environment():
                import os, sys
                return [os.environ.get('SERVICE_NAME'), os.getcwd(), sys.executable]
            """);
        File.WriteAllText(Path.Combine(service.Folder, "tests.yaml"), $"""
            unit:
              - {"{"}name: hangs, from: checks, import: hangs, timeout: 2s{"}"}
              - {"{"}name: dies, from: checks, import: dies{"}"}
              - {"{"}name: raises, from: checks, import: raises{"}"}
              - {"{"}name: missing, from: nowhere, import: missing{"}"}
              - {"{"}name: shows_its_environment, from: checks, import: shows_its_environment, expected: [sample, {service.Folder}, /usr/bin/python3]{"}"}
            """);

        var results = (await TestAsync(service.Name)).Select(happened => happened.Result).OfType<PyServiceTestResult>().ToArray();

        Assert.Equal("Not done within 2 s; it was ended with everything it had started.", results[0].Message);
        var helper = int.Parse(results[0].Output!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.False(
            Directory.Exists($"/proc/{helper}") && !File.ReadAllText($"/proc/{helper}/stat").Contains(") Z ", StringComparison.Ordinal));
        Assert.Equal("The process ended in the middle of the test (exit code 7).", results[1].Message);
        Assert.Equal("It ended with an exception: SystemExit: not like this", results[2].Message);
        Assert.Contains("No module named 'nowhere'", results[3].Message, StringComparison.Ordinal);
        Assert.True(results[4].Outcome == ServiceTestOutcome.Passed, results[4].Actual);
    }

    [Fact]
    public async Task Unit_tests_run_in_the_services_virtualenv()
    {
        var service = Sample();
        var venv = Path.Combine(service.Folder, "venv");
        using (var made = Process.Start("/usr/bin/python3", ["-m", "venv", "--without-pip", "--system-site-packages", venv])!)
            await made.WaitForExitAsync();
        service.Replace("config.yaml", "# env_directory: !join [*api_directory, /venv]", "env_directory: venv");
        File.AppendAllText(Path.Combine(service.Folder, "checks.py"), "\ndef prefix():\n    import sys\n    return sys.prefix\n");
        File.WriteAllText(Path.Combine(service.Folder, "tests.yaml"),
            $"unit: [{{name: prefix, from: checks, import: prefix, expected: {venv}}}]\n");
        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);

        // YAML text that is no JSON: told, with the way to write it.
        var error = Assert.Single(await TestAsync(service.Name), happened => happened.Error is not null).Error!;
        service.Replace("tests.yaml", $"expected: {venv}", $"expected: '\"{venv}\"'");
        var result = Assert.Single(await TestAsync(service.Name), happened => happened.Result is not null).Result!;

        Assert.Equal(ErrorCode.ConfigInvalid, error.Code);
        Assert.Contains("tests.yaml:1:", error.Message, StringComparison.Ordinal);
        Assert.True(result.Outcome == ServiceTestOutcome.Passed, result.Message);
    }

    [Fact]
    public async Task Of_a_service_that_does_not_run_only_the_unit_tests_do()
    {
        var service = Sample();

        var run = await _home.RunAsync(service.Folder, "tests", "--json");
        var chosen = await _home.RunAsync(service.Folder, "tests", "--test-name", "*numbers");

        Assert.Equal(1, run.Code);
        var events = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().ToArray();
        Assert.Equal("InvalidState",
            Assert.Single(events, happened => happened.TryGetProperty("error", out _)).GetProperty("error").GetProperty("code")
                .GetString());
        Assert.Equal(3, events.Count(happened => happened.TryGetProperty("result", out _)));
        Assert.Contains("passed  adds_numbers", chosen.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ping answers", chosen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_fetched_with_the_files_or_the_given_credential_and_sent_along()
    {
        await using var authority = new Authority();
        var service = Sample();
        service.Replace("config.yaml", "USING_AUTH: false", $"USING_AUTH: 1\nDEPLOY_PROD: true\nAUTH_URI_PROD: {authority.Address}");
        service.Replace("app.py", "jsonify(methods.answer(request.get_json(silent=True)))",
            "jsonify(token=request.get_json().get('token'), id=request.get_json()['id'], jsonrpc='2.0')");
        File.WriteAllText(Path.Combine(service.Folder, "tests.yaml"),
            "integration: [{name: token, request: {method: ping}, expected: {token: of-me}}]\n");
        await service.MustAsync(ServiceAction.Start);

        var without = await _home.RunAsync(service.Folder, "tests");
        var given = await TestAsync(service.Name, user: "me", password: "right");
        var refused = await TestAsync(service.Name, user: "me", password: "wrong-password");
        File.AppendAllText(Path.Combine(service.Folder, "tests.yaml"), "auth: {user: me, passw: right}\n");
        var own = await _home.RunAsync(service.Folder, "tests");

        Assert.Equal(1, without.Code);
        Assert.Contains("nobody said who asks for it. No test was run.", without.Error, StringComparison.Ordinal);
        Assert.Equal(ServiceTestOutcome.Passed, Assert.Single(given, happened => happened.Result is not null).Result!.Outcome);
        var error = Assert.Single(refused, happened => happened.Error is not null).Error!;
        Assert.Equal(ErrorCode.AuthenticationFailed, error.Code);
        Assert.DoesNotContain("wrong-password", error.Message, StringComparison.Ordinal);
        Assert.True(own.Code == 0, own.ToString());
    }

    [Fact]
    public async Task The_report_is_written_also_where_something_failed()
    {
        var service = Sample();

        var run = await _home.RunAsync(service.Folder, "tests", "--output-path", "report.xml");
        var nowhere = await _home.RunAsync(service.Folder, "tests", "--output-path", "no/such/folder/report.xml");

        Assert.Equal(1, run.Code);
        var suite = System.Xml.Linq.XDocument.Load(Path.Combine(service.Folder, "report.xml")).Root!.Element("testsuite")!;
        Assert.Equal(("4", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("errors")!.Value));
        Assert.Equal(1, nowhere.Code);
        Assert.Contains("can't be written", nowhere.Error, StringComparison.Ordinal);
    }

    private LocalService Sample()
    {
        var sample = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Home.Executable)!, "../../../../../samples/flask-ping"));
        var service = new LocalService(_home, "sample");
        foreach (var file in Directory.GetFiles(sample))
            File.Copy(file, Path.Combine(service.Folder, Path.GetFileName(file)));
        service.Replace("config.yaml", "&port 8001", $"&port {service.Port}");
        service.Replace("config.yaml", "&name flask-ping", "&name sample");
        return service;
    }

    private async Task<LocalService> StartSampleAsync()
    {
        var service = Sample();
        await service.MustAsync(ServiceAction.Start);
        return service;
    }

    private async Task<IReadOnlyList<ServiceTestEvent>> TestAsync(string service, string? user = null, string? password = null)
    {
        var events = new List<ServiceTestEvent>();
        var request = new ServiceTestRequest { Services = [service], User = user, Password = password };
        await foreach (var happened in _home.Client.Tests.RunAsync(request, CancellationToken.None))
            events.Add(happened);
        return events;
    }
}
