using System.Net;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>An incoming webhook of Slack's, which Mattermost and Rocket.Chat take as well: https://docs.slack.dev.</summary>
internal sealed class SlackReceiver(AlertDestination destination, TimeProvider time)
    : HttpReceiver(destination, destination.Url, time)
{
    /// <summary>Slack cuts a text off at 40,000 characters.</summary>
    private const int LongestText = 30_000;

    /// <summary>It takes one message a second.</summary>
    public override TimeSpan Pace => TimeSpan.FromSeconds(1);

    public override int MostTogether => 15;

    protected override void Fill(HttpRequestMessage request, IReadOnlyList<Alert> alerts) => request.Content = Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("text", AlertText.ForSlack(AlertText.Cut(AlertText.Of(alerts), LongestText)));
        json.WriteEndObject();
    });

    protected override AlertAnswer Read(HttpStatusCode status, string body) => OfStatus(status, body);
}
