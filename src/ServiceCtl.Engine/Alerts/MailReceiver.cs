using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using MimeKit;
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

    /// <summary>What it has left in the background may keep its output open.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    public int MostTogether => 50;

    public TimeSpan Pace => TimeSpan.FromSeconds(5);

    private string[] Addresses => destination.Chat!.Split(',');

    public async Task<AlertAnswer> SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            var message = MailMessage.BytesOf(MailMessage.Of(destination, alerts, time));
            using var process = Process.Start(Start())!;
            try
            {
                return await GiveAsync(process, message, limit.Token);
            }
            catch (OperationCanceledException)
            {
                ProcessTree.Kill(process);
                return new AlertAnswer(AlertOutcome.Later, $"{destination.Url} was not done within {Limit.TotalSeconds:0} s");
            }
        }
        catch (ParseException error)
        {
            return new AlertAnswer(AlertOutcome.Parked, $"an address can't be used: {error.Message}");
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

    private async Task<AlertAnswer> GiveAsync(Process process, byte[] message, CancellationToken cancellation)
    {
        var words = new StringBuilder();
        var listening = ListenAsync(process.StandardError, words);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(message, cancellation).AsTask().WaitAsync(cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading it all; how, says why.
        }

        await process.WaitForExitAsync(cancellation);
        await Task.WhenAny(listening, Task.Delay(LastWords, time, cancellation));
        string said;
        lock (words)
            said = AlertText.Cut(VisibleText.Of(words.ToString().ReplaceLineEndings(" ").Trim()), LongestWords);
        return process.ExitCode switch
        {
            0 => new AlertAnswer(AlertOutcome.Delivered, "taken"),
            TemporaryFailure => new AlertAnswer(AlertOutcome.Later, $"exit code 75 {said}".TrimEnd()),
            var code => new AlertAnswer(AlertOutcome.Parked,
                string.Create(CultureInfo.InvariantCulture, $"exit code {code} {said}").TrimEnd()),
        };
    }

    /// <summary>Keeps the beginning of what it says; the rest nobody wants, but it must not be held up.</summary>
    private static async Task ListenAsync(StreamReader error, StringBuilder words)
    {
        try
        {
            var read = new char[4096];
            while (await error.ReadAsync(read.AsMemory(), CancellationToken.None) is > 0 and var length)
                lock (words)
                    words.Append(read, 0, Math.Min(length, Math.Max(0, (4 * LongestWords) - words.Length)));
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // It has said all that it could.
        }
    }
}
