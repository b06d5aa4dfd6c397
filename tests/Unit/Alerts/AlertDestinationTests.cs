using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Alerts;

public sealed class AlertDestinationTests
{
    private static readonly AlertRule Rule = new()
    {
        Destinations =
        [
            new AlertDestination
            {
                Channel = AlertChannel.Mail,
                Url = "/usr/sbin/sendmail",
                Chat = "ops@example.org",
            },
        ],
    };

    [Fact]
    public void The_program_that_takes_mail_has_a_user_only_where_others_than_root_name_it()
    {
        var foreign = Rule.For(new FileActor("web", IsAlways: true)).Destinations[0];

        Assert.Equal("web", foreign.User);
        Assert.NotEqual(Rule.Destinations[0].Key, foreign.Key);
        Assert.Null(Rule.For(new FileActor("web")).Destinations[0].User);
        Assert.Null(Rule.For(null).Destinations[0].User);
    }

    /// <summary>What was sent is known by it.</summary>
    [Fact]
    public void A_destination_that_was_known_keeps_its_key() => Assert.Equal("mail-bfeb8821c83df630", Rule.Destinations[0].Key);
}
