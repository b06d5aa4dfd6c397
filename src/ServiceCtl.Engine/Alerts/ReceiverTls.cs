using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Verifies the certificate of a receiver, and says what is wrong with it and what helps.</summary>
internal static class ReceiverTls
{
    /// <exception cref="AuthenticationException">It is not to be trusted; in words.</exception>
    public static bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None ? true : throw new AuthenticationException(Words(errors, chain));

    private static string Words(SslPolicyErrors errors, X509Chain? chain)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return "the receiver shows no certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return "the receiver's certificate is for another name: use a name that it has";
        var faults = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status)
            ?? X509ChainStatusFlags.NoError;
        if (faults.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return "the receiver's certificate has expired or is not valid yet: renew it, or mend this host's clock";
        return (faults & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0
            ? "this host does not know the authority of the receiver's certificate: "
                + "add it (update-ca-certificates), or name its file by SSL_CERT_FILE in the agent's environment"
            : $"the receiver's certificate is not valid: {faults}";
    }
}
