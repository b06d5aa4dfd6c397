namespace ServiceCtl.Contracts;

/// <summary>How a line is written for syslog.</summary>
public enum SyslogFormat
{
    /// <summary>
    /// <c>&lt;30&gt;Nov 27 13:47:59 MyDaemon[9215]: text</c>: what every syslog on a local socket understands, journald too.
    /// </summary>
    Rfc3164,

    /// <summary>
    /// <c>&lt;30&gt;1 2018-11-27T13:47:59.971+00:00 host MyDaemon 9215 - - text</c>: with milliseconds, time zone and host.
    /// </summary>
    Rfc5424,
}
