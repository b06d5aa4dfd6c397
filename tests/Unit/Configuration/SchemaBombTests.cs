using System.Diagnostics;
using System.Text;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>
/// Schemas of a few lines that ask for endless checks: root's agent and root's <c>config check</c> read them of any service.
/// </summary>
public sealed class SchemaBombTests : IDisposable
{
    /// <summary>Seconds on a machine that has nothing else to do. Without a limit each takes many minutes, some of them years.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly ProjectFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Choices_within_choices_end()
    {
        var definitions = string.Join(", ", Enumerable.Range(1, 29).Select(
            level => $"\"d{level}\": {{\"anyOf\": [{{\"$ref\": \"#/$defs/d{level - 1}\"}}]}}"));

        await AssertEndsAsync(
            With("""{"$defs": {"d0": {"minimum": 5}, THESE}, "properties": {"bomb": {"$ref": "#/$defs/d29"}}}""", definitions), "bomb: 1\n",
            "takes too long");
    }

    [Fact]
    public async Task A_pattern_that_takes_its_second_at_each_value_ends() => await AssertEndsAsync(
        """{"properties": {"bomb": {"type": "array", "items": {"type": "string", "pattern": "^(?=(a+)+$)x"}}}}""",
        $"bomb:\n{Repeat(2000, $"  - {new string('a', 60)}!\n")}", "takes too long");

    [Fact]
    public async Task Many_values_with_many_choices_end() => await AssertEndsAsync(
        With("""{"properties": {"bomb": {"type": "array", "items": {"enum": [THESE]}}}}""", Numbers(50_000)),
        $"bomb: [{Numbers(100_000, from: 60_000)}]\n", "takes too long");

    [Fact]
    public async Task Many_unknown_keys_beside_many_known_ones_end()
    {
        var known = string.Join(", ", Enumerable.Range(0, 5000).Select(number => $"\"{Word(number)}\": {{}}"));

        await AssertEndsAsync(
            With("""{"properties": {THESE}, "additionalProperties": false}""", known),
            string.Concat(Enumerable.Range(100_000, 60_000).Select(number => $"{Word(number)}: 1\n")), "Unknown key");
    }

    [Fact]
    public async Task Lists_of_what_is_required_are_joined_in_linear_time()
    {
        var one = string.Join(", ", Enumerable.Range(0, 90_000).Select(number => $"\"a{number}\""));
        var other = string.Join(", ", Enumerable.Range(0, 90_000).Select(number => $"\"b{number}\""));

        await AssertEndsAsync(
            With(
                With("""{"properties": {"bomb": {"allOf": [{"required": [THESE]}, {"required": [OTHERS]}]}}}""", one).Replace(
                    "OTHERS", "THESE", StringComparison.Ordinal),
                other),
            "bomb: {}\n", "has no");
    }

    private async Task AssertEndsAsync(string schema, string config, string said)
    {
        _folder.With("config.schema.json", schema).With("config.yaml", config);
        var clock = Stopwatch.StartNew();

        var check = (await ServiceConfiguration.ReadAsync(_folder.Path, SourceRequest.Usual, TestContext.Current.CancellationToken)).Check;

        Assert.Contains(check.Problems, problem => problem.Message.Contains(said, StringComparison.Ordinal));
        Assert.All(check.Problems, problem => Assert.InRange(problem.Message.Length + (problem.Advice?.Length ?? 0), 0, 10_000));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Bound);
    }

    private static string With(string schema, string these) => schema.Replace("THESE", these, StringComparison.Ordinal);

    private static string Repeat(int times, string text) => new StringBuilder().Insert(0, text, times).ToString();

    private static string Numbers(int count, int from = 0) => string.Join(", ", Enumerable.Range(from, count));

    private static string Word(int number) => $"a_key_that_is_as_long_as_those_of_the_others_{number:000000}";
}
