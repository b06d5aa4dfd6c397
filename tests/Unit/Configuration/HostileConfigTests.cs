using System.Diagnostics;
using System.Text;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>Files made to hurt: each ends with a clear problem that has a place, in bounded memory and time.</summary>
public sealed class HostileConfigTests
{
    /// <summary>Exponential time would never end; a machine that is busy with something else is not to be taken for it.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    public static TheoryData<string, string> Attacks => new()
    {
        { "billion laughs", "each alias counted" },
        { "laughs by merging", "each alias counted" },
        { "laughs by joining", "characters" },
        { "nested lists", "deeper than" },
        { "nested mappings", "deeper than" },
        { "nested blocks", "deeper than" },
        { "nested joins", "deeper than" },
        { "a chain of aliases", "deeper than" },
        { "two million items", "keys and values" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task An_attack_ends_in_a_problem_in_bounded_memory_and_time(string name, string words)
    {
        var text = Attack(name);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();

        var problems = new ProblemList();
        var root = await new TextSource(text).ReadAsync(problems, new ProblemList(), TestContext.Current.CancellationToken);

        Assert.Null(root);
        var problem = Assert.Single(problems.Sorted());
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.Line);
        Assert.NotNull(problem.Column);
        Assert.True(clock.Elapsed < Bound, $"{name} took {clock.Elapsed}");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 500_000_000,
            $"{name} took {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
    }

    [Fact]
    public void Lists_at_the_limit_of_nesting_are_read()
    {
        // The root's mapping and the innermost text are levels as well.
        var depth = ConfigurationLimits.Depth - 2;

        Assert.Equal(ConfigurationLimits.Depth, TextSource.Read($"a: {new string('[', depth)}x{new string(']', depth)}").Depth);
    }

    [Fact]
    public async Task A_thousand_faults_are_counted_and_the_first_hundred_told()
    {
        var problems = new ProblemList();
        await new TextSource(string.Concat(Enumerable.Repeat("a: *nobody\n", 1000))).ReadAsync(problems, new ProblemList(),
            TestContext.Current.CancellationToken);

        Assert.Equal(1999, problems.Count);
        Assert.Equal(ProblemList.Limit, problems.Sorted().Count);
    }

    [Fact]
    public async Task Reading_stops_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => new TextSource("a: 1").ReadAsync(new ProblemList(), new ProblemList(), cancellation.Token));
    }

    private static string Attack(string name)
    {
        var text = new StringBuilder();
        switch (name)
        {
            case "billion laughs":
                text.Append("a0: &a0 [lol, lol]\n");
                for (var level = 1; level < 60; level++)
                    text.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n");
                break;
            case "laughs by merging":
                text.Append("base: &base\n");
                for (var key = 0; key < 1000; key++)
                    text.Append($"  k{key}: v\n");
                for (var copy = 0; copy < 2000; copy++)
                    text.Append($"copy{copy}: {{<<: *base}}\n");
                break;
            case "laughs by joining":
                text.Append("a0: &a0 lol\n");
                for (var level = 1; level < 60; level++)
                    text.Append($"a{level}: &a{level} !join [*a{level - 1}, *a{level - 1}]\n");
                break;
            case "nested lists":
                text.Append("a: ").Append('[', 1_000_000);
                break;
            case "nested mappings":
                text.Append("a: ");
                for (var level = 0; level < 200_000; level++)
                    text.Append("{a: ");
                break;
            case "nested blocks":
                for (var level = 0; level < 1000; level++)
                    text.Append(' ', level).Append("a:\n");
                break;
            case "nested joins":
                text.Append("a: ");
                for (var level = 0; level < 1000; level++)
                    text.Append("!join [");
                break;
            case "a chain of aliases":
                text.Append("a0: &a0 [x]\n");
                for (var level = 1; level < 1000; level++)
                    text.Append($"a{level}: &a{level} [*a{level - 1}]\n");
                break;
            default:
                text.Append("a: [").Insert(text.Length, "1,", 2_000_000).Append(']');
                break;
        }

        return text.ToString();
    }
}
