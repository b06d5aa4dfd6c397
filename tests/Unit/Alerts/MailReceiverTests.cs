using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Alerts;

public sealed class MailReceiverTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mail-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_sendmail_leaves_in_the_background_does_not_hold_up_its_answer()
    {
        var left = Path.Combine(_folder, "left");

        var answer = await SendAsync($"sleep 300 & echo $! >{left}\necho queue full >&2\nexit 75");

        using (var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(left), CultureInfo.InvariantCulture)))
            process.Kill();
        Assert.Equal(new AlertAnswer(AlertOutcome.Later, "exit code 75 queue full"), answer);
    }

    [Fact]
    public async Task What_sendmail_says_may_be_long()
    {
        var answer = await SendAsync("head -c 1000000 /dev/zero | tr '\\0' x >&2\nexit 1");

        Assert.Equal(AlertOutcome.Parked, answer.Outcome);
        Assert.StartsWith("exit code 1 xxx", answer.Words, StringComparison.Ordinal);
        Assert.InRange(answer.Words.Length, 100, 400);
    }

    private async Task<AlertAnswer> SendAsync(string script)
    {
        var (written, program) = (Path.Combine(_folder, "script"), Path.Combine(_folder, "sendmail"));
        await File.WriteAllTextAsync(written, $"#!/bin/sh\ncat >/dev/null\n{script}\n");
        File.SetUnixFileMode(written, (UnixFileMode)0b111_101_101);
        // A program that this process has written may be held open by a child that another test starts.
        using (var copy = Process.Start("/bin/cp", [written, program]))
            await copy.WaitForExitAsync();
        using var receiver = new MailReceiver(
            new AlertDestination
            {
                Channel = AlertChannel.Mail,
                Url = program,
                Chat = "ops@example.org",
            },
            TimeProvider.System);
        return await receiver.SendAsync(
            [
                new Alert
                {
                    Sequence = 1,
                    Time = DateTimeOffset.UnixEpoch,
                    Machine = "box",
                    Service = "web",
                    News = AlertNews.Down,
                    Level = AlertLevel.Critical,
                    Kind = "Crashed",
                    Message = "message",
                },
            ],
            TestContext.Current.CancellationToken);
    }
}
