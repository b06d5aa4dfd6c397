using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Tests.Unit.Failures;

/// <summary>What a rule says, and to whom.</summary>
public sealed class FailureTextTests
{
    private static readonly FailureFacts Facts = new()
    {
        Phase = FailurePhase.Running,
        Exit = 3,
        Exception = "shop.errors.NoStock",
        Modules = ["shop.basket", "shop.errors"],
    };

    [Fact]
    public void Everything_that_is_known_is_filled_in_and_other_braces_stay()
    {
        var text = TextsOf(new FailureRule { Name = "stock" }).Fill(
            """{"a": {b}, "c": "{service} {code} {rule} {exit} {signal} {attempt} {exception} {module} {{code}}"}""", "C1");

        Assert.Equal("""{"a": {b}, "c": "web C1 stock 3  2 shop.errors.NoStock shop.basket {code}"}""", text);
    }

    [Fact]
    public void Whoever_is_given_no_words_of_his_own_gets_those_of_the_rule()
    {
        var texts = TextsOf(new FailureRule { Code = "C1", Text = "{service}: {code}", Notify = new() { Levels = [AlertLevel.Info] } });

        Assert.Equal(new FailureWording("C1", "web: C1"), texts.Noted);
        Assert.Empty(texts.Notices);
    }

    [Fact]
    public void Each_destination_gets_its_own_code_and_text_and_a_channel_comes_before_a_level()
    {
        var texts = TextsOf(new FailureRule
        {
            Code = "C1",
            Text = "for all {code}",
            Record = new() { Wording = new("J1", "journal {code}") },
            Notify = new()
            {
                Levels = [AlertLevel.Info, AlertLevel.Critical],
                Usual = new("N1", null),
                ByLevel = new Dictionary<AlertLevel, FailureWording> { [AlertLevel.Critical] = new(null, "wake up: {code}") },
                ByChannel = new Dictionary<AlertChannel, FailureWording> { [AlertChannel.Mail] = new("M1", "dear all, {code}") },
            },
        });

        Assert.Equal(new FailureWording("J1", "journal J1"), texts.Noted);
        var failure = new PyServiceFailure
        {
            Time = default,
            Service = "web",
            Event = PyServiceFailureEvent.Failed,
            Cause = "",
            Action = "",
            Notices = texts.Notices,
        };
        Assert.Equal(("N1", "for all N1"), Hear(AlertChannel.Slack, AlertLevel.Info));
        Assert.Equal(("N1", "wake up: N1"), Hear(AlertChannel.Telegram, AlertLevel.Critical));
        Assert.Equal(("M1", "dear all, M1"), Hear(AlertChannel.Mail, AlertLevel.Critical));

        (string?, string?) Hear(AlertChannel channel, AlertLevel level)
        {
            var notice = AlertPolicy.NoticeFor(failure, channel, level)!;
            return (notice.Code, notice.Text);
        }
    }

    [Theory]
    [InlineData("{service} {cause} {{nosuch}} {\"json\": 1} {margin:0} {A}", null)]
    [InlineData("{service} {sevrice}", "sevrice")]
    public void Only_a_word_in_braces_that_nobody_knows_is_unknown(string text, string? unknown)
    {
        Assert.Equal(unknown, FailureText.FindUnknown(text));
    }

    private static FailureTexts TextsOf(FailureRule rule) => new("web", new FailureDecision(rule, 0), Facts, 2);
}
