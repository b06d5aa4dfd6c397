using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Health;

/// <summary>What a probe trusts.</summary>
internal static class ProbeTls
{
    private const int LongestFile = 16 << 20;

    // .NET ends the process when it needs one of them and finds none.
    private static readonly string[] Libraries = ["libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.10"];

    /// <exception cref="HttpRequestException">The authorities' file can't be used; said in words.</exception>
    public static SslClientAuthenticationOptions Options(bool verify, string? caFile)
    {
        var options = new SslClientAuthenticationOptions();
        if (!verify)
#pragma warning disable CA5359 // That is what `verify: false` asks for.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        else if (caFile is not null)
            options.CertificateChainPolicy = Trust(caFile);
        return options;
    }

    /// <summary>The cause at the bottom: what is above it says the same in more words.</summary>
    public static Exception Bottom(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return error;
    }

    /// <inheritdoc cref="Bottom"/>
    public static string Reason(Exception error)
    {
        error = Bottom(error);
        return error is AuthenticationException { Message: var words } && words.Contains("certificate", StringComparison.Ordinal)
            ? $"{words.TrimEnd('.')} ('ca' names the authority, 'verify: false' takes any certificate)"
            : error.Message.TrimEnd('.');
    }

    /// <exception cref="HttpRequestException">This host can't speak TLS.</exception>
    public static void RequireLibrary()
    {
        foreach (var name in Libraries)
        {
            if (NativeLibrary.TryLoad(name, out _))
                return;
        }

        throw new HttpRequestException("https needs OpenSSL, and this host has no libssl");
    }

    private static X509ChainPolicy Trust(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(Encoding.UTF8.GetString(UserFiles.ReadAll(user: null, file, LongestFile)));
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new HttpRequestException($"the authorities of {file} can't be read: {error.Message}", error);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new HttpRequestException($"{file} holds no certificate");
    }
}
