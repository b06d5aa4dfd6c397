namespace ServiceCtl.Contracts;

/// <summary>How an alert goes out.</summary>
public enum AlertChannel
{
    Telegram,

    /// <summary>An incoming webhook of Slack's, or of what takes the same.</summary>
    Slack,

    /// <summary>JSON by POST, signed.</summary>
    Webhook,

    /// <summary>By the host's own sendmail.</summary>
    Mail,
}
