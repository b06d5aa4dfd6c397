using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>A release that speaks TLS is proven over TLS.</summary>
public sealed class TlsReleaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_asked_over_TLS_and_what_answers_wrongly_there_is_refused()
    {
        await using var project = new DeployedProject("check: {http: [/]}");
        TlsFiles.Write(project.Folder, "localhost");
        var port = project.Port.ToString(CultureInfo.InvariantCulture);
        project.Write("config.yaml", $$"""
            SERVICE_NAME: web
            local_ip: 127.0.0.1
            local_port: {{port}}
            service: {ready: {http: 'https://localhost:{{port}}/', ca: ca.pem} }
            uwsgi: {https: '127.0.0.1:{{port}},cert.pem,key.pem', plugins: python3, module: 'app:app', need-app: true}

            """);
        project.Commit("one over TLS");
        var first = await project.MustDeployAsync();
        Assert.Equal("one over TLS", await AnswerAsync());

        project.Commit("sick", DeployedProject.App("sick").Replace("200 OK", "500 Sick", StringComparison.Ordinal));
        var refused = await project.DeployAsync();

        Assert.Equal(OperationOutcome.Failed, refused.Outcome);
        Assert.Contains("500", refused.Error!.Message, StringComparison.Ordinal);
        Assert.Equal("one over TLS", await AnswerAsync());
        Assert.Equal(first.Path, new FileInfo(project.Current).LinkTarget);
        project.Commit("two");
        await project.MustDeployAsync();
        Assert.Equal("two", await AnswerAsync());

        async Task<string> AnswerAsync()
        {
            using var authority = X509Certificate2.CreateFromPemFile(Path.Combine(project.Folder, "cert.pem"),
                Path.Combine(project.Folder, "key.pem"));
            using var handler = new HttpClientHandler
            {
                ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == authority.Thumbprint,
            };
            using var http = new HttpClient(handler);
            return await http.GetStringAsync(new Uri($"https://127.0.0.1:{port}/"), Cancellation);
        }
    }
}
