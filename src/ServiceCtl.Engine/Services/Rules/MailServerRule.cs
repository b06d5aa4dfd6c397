using System.Globalization;
using System.Net;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>Makes the mail server of <c>alerts.mail.smtp</c>.</summary>
internal static class MailServerRule
{
    /// <returns>A destination without an address; null where there is no server.</returns>
    public static AlertDestination? Of(ResolvedConfiguration configuration)
    {
        var user = AlertRules.Given(configuration, AlertKeys.SmtpUser);
        var password = AlertRules.Given(configuration, AlertKeys.SmtpPassword);
        if (AlertRules.Given(configuration, AlertKeys.SmtpHost) is not { } host)
        {
            SchemaKey[] others = [AlertKeys.SmtpPort, AlertKeys.SmtpSecurity, AlertKeys.SmtpUser, AlertKeys.SmtpPassword];
            return others.FirstOrDefault(configuration.IsSet) is not { } other ? null
                : throw AlertRules.Missing(configuration, AlertKeys.SmtpHost, "is missing",
                    $"Write the mail server, or take `{other.Path}` away.");
        }

        if (configuration.IsSet(AlertKeys.MailProgram))
            throw AlertRules.Missing(configuration, AlertKeys.MailProgram, "and `alerts.mail.smtp` are both set", "Take one of them away.");
        if (user is not null && password is null)
            throw AlertRules.Missing(configuration, AlertKeys.SmtpPassword, "is missing", "Write it, or take `user` away.");
        if (user is null && password is not null)
            throw AlertRules.Missing(configuration, AlertKeys.SmtpUser, "is missing", "Write it, or take `password` away.");
        var security = configuration.Get(AlertKeys.SmtpSecurity);
        if (security == MailSecurity.None && password is not null && !IsHere(host))
            throw AlertRules.Missing(configuration, AlertKeys.SmtpSecurity, "is `none`, so anybody on the way could read the password",
                "Write `starttls` or `tls`.");
        var port = configuration.IsSet(AlertKeys.SmtpPort) ? configuration.Get(AlertKeys.SmtpPort) : security switch
        {
            MailSecurity.Starttls => 587,
            MailSecurity.Tls => 465,
            _ => 25,
        };
        return new AlertDestination
        {
            Channel = AlertChannel.Mail,
            Url = string.Create(CultureInfo.InvariantCulture, $"smtp://{(host.Contains(':') ? $"[{host}]" : host)}:{port}"),
            Security = security,
            Login = user,
            Secret = password,
            From = AlertRules.Given(configuration, AlertKeys.MailFrom),
        };
    }

    private static bool IsHere(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
