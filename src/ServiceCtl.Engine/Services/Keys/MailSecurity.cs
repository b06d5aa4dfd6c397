namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Whether a connection to a mail server is private, and from when on.</summary>
public enum MailSecurity
{
    /// <summary>Never.</summary>
    None,

    /// <summary>From the command STARTTLS on, and nothing is sent before.</summary>
    Starttls,

    /// <summary>From the first byte on.</summary>
    Tls,
}
