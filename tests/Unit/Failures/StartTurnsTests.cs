using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Tests.Unit.Failures;

/// <summary>Who may be started again now: a model that walks through all that wait has to agree.</summary>
public sealed class StartTurnsTests
{
    [Fact]
    public void No_more_than_the_limit_run_in_the_order_in_which_they_came_and_nobody_is_forgotten()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var limit = random.Next(1, 5);
            var turns = new StartTurns(() => limit);
            var begun = new List<StartTurns.Turn>();
            var asked = new List<StartTurns.Turn>();
            var expected = new List<StartTurns.Turn>();
            for (var step = 0; step < 60; step++)
            {
                if (random.Next(3) > 0 || asked.Count == 0)
                    asked.Add(turns.Ask($"s{random.Next(8)}", begun.Add));
                else
                    Drop(asked[random.Next(asked.Count)]);
                Follow();
                Assert.True(begun.ToHashSet().SetEquals(expected), $"seed {seed}, step {step}");
                Assert.True(turns.Running <= limit, $"seed {seed}, step {step}: {turns.Running} run");
                Assert.All(asked, turn => Assert.NotEqual(begun.Contains(turn), turn.IsWaiting));
            }

            while (asked.Count > 0)
            {
                Drop(asked.First(begun.Contains));
                Follow();
            }

            Assert.Equal((0, 0), (turns.Running, begun.Count));

            void Drop(StartTurns.Turn turn)
            {
                asked.Remove(turn);
                expected.Remove(turn);
                begun.Remove(turn);
                turn.Dispose();
                turn.Dispose();
            }

            void Follow()
            {
                foreach (var turn in asked.Where(turn => !expected.Contains(turn)).ToArray())
                {
                    var holders = expected.Select(held => held.Service).ToHashSet();
                    if (holders.Contains(turn.Service) || holders.Count < limit)
                        expected.Add(turn);
                }
            }
        }
    }

    [Fact]
    public async Task Whoever_no_longer_wants_its_turn_leaves_the_queue()
    {
        var turns = new StartTurns(() => 1);
        var first = turns.Ask("a", _ => { });
        using var gone = new CancellationTokenSource();
        var waits = 0;
        var second = turns.AskAsync("b", () => waits++, gone.Token);
        var third = turns.AskAsync("c", () => waits++, TestContext.Current.CancellationToken);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        first.Dispose();
        using var held = await third;

        Assert.Equal((2, 1, "c"), (waits, turns.Running, held.Service));
    }

    [Theory]
    [InlineData(null, 4, 10)]
    [InlineData(null, 500, 50)]
    [InlineData("10%", 4, 1)]
    [InlineData("10%", 500, 50)]
    [InlineData("3", 500, 3)]
    public void A_share_is_at_least_one_and_few_services_are_not_held_up_unless_somebody_says_so(string? written, int services, int most) =>
        Assert.Equal(most, AtOnce.Of(written is null ? null : AtOnce.Parse(written), services));
}
