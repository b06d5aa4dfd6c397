using ServiceCtl.Contracts;
using ServiceCtl.Engine.Checks;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Checks;

public sealed class TestFileReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_predecessors_shapes_are_read()
    {
        var file = await ReadAsync("""
            auth: {user: me, passw: "1234"}
            integration:
              - name: ping
                request: '{"method": "ping"}'
                expected: '{"result": "pong"}'
                critical: 0
            unit:
              - {name: works, from: checks, import: works, expected: "true", critical: "1"}
            """);

        Assert.Equal(new Login("me", "1234"), file.Login);
        var integration = Assert.Single(file.Integration);
        Assert.False(integration.Critical);
        Assert.Equal("ping", integration.Request!["method"]!.GetValue<string>());
        Assert.Equal(TimeSpan.FromSeconds(30), integration.Limit);
        var unit = Assert.Single(file.Unit);
        Assert.True(unit.Critical);
        Assert.Equal("true", unit.Expected!.ToJsonString());
    }

    [Fact]
    public async Task A_request_may_be_written_in_YAML()
    {
        var test = (await ReadAsync("""
            integration:
              - {name: a, request: {method: add, params: [1, 2.5, x, yes, ~]}, expected: {result: "5"}}
            """)).Integration[0];

        Assert.Equal("""{"method":"add","params":[1,2.5,"x",true,null]}""", test.Request!.ToJsonString());
        Assert.Equal("""{"result":"5"}""", test.Expected!.ToJsonString());
    }

    [Fact]
    public async Task The_nearest_limit_wins_and_the_callers_over_all()
    {
        const string Text = """
            timeout: 5s
            unit:
              - {name: a, import: a}
              - {name: b, import: b, timeout: 1s, expected: null}
            """;

        var file = await ReadAsync(Text);
        var overridden = await ReadAsync(Text, TimeSpan.FromSeconds(2));

        Assert.Equal([5, 1], file.Unit.Select(test => test.Limit.TotalSeconds));
        Assert.Equal([2, 2], overridden.Unit.Select(test => test.Limit.TotalSeconds));
        Assert.Equal("true", file.Unit[0].Expected!.ToJsonString());
        Assert.Null(file.Unit[1].Expected);
    }

    [Theory]
    [InlineData("integration:\n  - {name: a, request: '{\"method\": }', expected: '1'}", 2, "`request` is not JSON")]
    [InlineData("integration:\n  - {name: a, request: '{\"a\": 1, \"a\": 2}', expected: '1'}", 2, "`request` is not JSON")]
    [InlineData("integration:\n  - name: a\n    request: '{}'", 2, "`expected` is missing")]
    [InlineData("integration:\n  - name: a\n    request: '{}'\n    expected: '{}'\n    critcal: 1", 5, "Unknown key `critcal`")]
    [InlineData("integration:\n  - just text", 2, "should be a mapping")]
    [InlineData("integration: text", 1, "should be a list")]
    [InlineData("integration:\n  - {name: a, request: '1', expected: '1', path: ping}", 2, "not a path")]
    [InlineData("unit:\n  - {name: a, from: 'a b', import: c}", 2, "not a name that Python can import")]
    [InlineData("unit:\n  - {name: a, import: 'os; print(1)'}", 2, "not a name that Python can import")]
    [InlineData("auth: {user: me}", 1, "`auth` needs both")]
    [InlineData("unit: [\n", 2, "")]
    public async Task A_fault_is_told_with_its_place(string text, int line, string words)
    {
        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(text));

        Assert.Equal(ErrorCode.ConfigInvalid, error.Code);
        var problem = Assert.Single(error.Report.Problems);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Equal(line, problem.Line);
        Assert.True(problem.Column > 0);
    }

    [Fact]
    public async Task A_service_without_tests_is_told_so()
    {
        var error = await Assert.ThrowsAsync<ServiceCtlException>(
            () => TestFileReader.ReadAsync(Definition(), null, CancellationToken.None));

        Assert.Equal(ErrorCode.ConfigNotFound, error.Code);
    }

    private Task<TestFile> ReadAsync(string text, TimeSpan? limit = null)
    {
        File.WriteAllText(Path.Combine(_folder, "tests.yaml"), text);
        return TestFileReader.ReadAsync(Definition(), limit, CancellationToken.None);
    }

    private ServiceDefinition Definition() =>
        new() { Name = "web", Folder = _folder, ConfigPath = Path.Combine(_folder, "config.yaml"), Runner = "uwsgi" };
}
