using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Mail, given to the host's own sendmail, which knows how mail leaves this host, and keeps what it has taken.</summary>
internal sealed class MailReceiver(AlertDestination destination, TimeProvider time) : IAlertReceiver
{
    /// <summary>EX_TEMPFAIL of sysexits.h.</summary>
    private const int TemporaryFailure = 75;

    private const int LongestWords = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public int MostTogether => 50;

    public TimeSpan Pace => TimeSpan.FromSeconds(5);

    private string[] Addresses => destination.Chat!.Split(',');

    public async Task<AlertAnswer> SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var process = Process.Start(Start())!;
            try
            {
                return await GiveAsync(process, MessageOf(alerts), limit.Token);
            }
            catch (OperationCanceledException)
            {
                Processes.ProcessTree.Kill(process);
                return new AlertAnswer(AlertOutcome.Later, $"{destination.Url} was not done within {Limit.TotalSeconds:0} s");
            }
        }
        catch (Exception error) when (error is Win32Exception or ServiceCtlException)
        {
            return new AlertAnswer(AlertOutcome.Parked, $"{destination.Url} can't be started: {error.Message}");
        }
    }

    public void Dispose()
    {
        // Each message has a process of its own.
    }

    internal string MessageOf(IReadOnlyList<Alert> alerts)
    {
        var sender = destination.From ?? $"servicectl@{Environment.MachineName}";
        var subject = Convert.ToBase64String(Encoding.UTF8.GetBytes(AlertText.SubjectOf(alerts)));
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(AlertText.Of(alerts) + "\n"), Base64FormattingOptions.InsertLineBreaks)
            .ReplaceLineEndings("\n");
        return string.Create(CultureInfo.InvariantCulture, $"""
            From: {sender}
            To: {string.Join(", ", Addresses)}
            Subject: =?UTF-8?B?{subject}?=
            Date: {time.GetUtcNow():ddd, dd MMM yyyy HH:mm:ss} +0000
            Message-ID: <{alerts[0].Id}.{alerts.Count}.servicectl@{sender.Split('@')[^1]}>
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            {text}

            """);
    }

    private ProcessStartInfo Start()
    {
        string[] arguments = [.. Options(), "--", .. Addresses];
        var start = destination.User is { } user ? OfUser(user, arguments) : new ProcessStartInfo(destination.Url, arguments);
        start.RedirectStandardInput = start.RedirectStandardError = true;
        start.StandardErrorEncoding = Encoding.UTF8;
        return start;
    }

    /// <summary>With that user's rights, and nothing of what the agent has in its environment.</summary>
    /// <exception cref="ServiceCtlException">There is no such user or program.</exception>
    private ProcessStartInfo OfUser(string user, string[] arguments) => Launcher.AsUser(
        new ProcessSpec
        {
            FileName = destination.Url,
            Arguments = arguments,
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = UserPath.Of(LoginUser.Get(user, "alerts")),
                ["LANG"] = "C.UTF-8",
            },
            WorkingDirectory = "/",
        },
        "alerts", user).ToStartInfo();

    private string[] Options() => destination.From is { } sender ? ["-i", "-f", sender] : ["-i"];

    private static async Task<AlertAnswer> GiveAsync(Process process, string message, CancellationToken cancellation)
    {
        var error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.StandardInput.WriteAsync(message.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading it all; how, says why.
        }

        await process.WaitForExitAsync(cancellation);
        var words = VisibleText.Of((await error).ReplaceLineEndings(" ").Trim());
        return process.ExitCode switch
        {
            0 => new AlertAnswer(AlertOutcome.Delivered, "taken"),
            TemporaryFailure => new AlertAnswer(AlertOutcome.Later, $"exit code 75 {AlertText.Cut(words, LongestWords)}".TrimEnd()),
            var code => new AlertAnswer(AlertOutcome.Parked,
                string.Create(CultureInfo.InvariantCulture, $"exit code {code} {AlertText.Cut(words, LongestWords)}").TrimEnd()),
        };
    }
}
