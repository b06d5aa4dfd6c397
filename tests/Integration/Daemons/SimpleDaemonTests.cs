using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Daemons;

namespace ServiceCtl.Tests.Integration.Daemons;

/// <summary>A C# program that is a daemon, and real signals to it: this very process.</summary>
[Collection(nameof(Alone))]
public sealed class SimpleDaemonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(DaemonInterruptMode.Passive, "TERM", "interrupted == True", "Received 15 signal.")]
    [InlineData(DaemonInterruptMode.Passive, "INT", "interrupted == True", "Received 2 signal.")]
    [InlineData(DaemonInterruptMode.Aggressive, "TERM", "Received 15 signal.", "Graceful Interrupt...")]
    public void A_signal_cuts_a_wait_short(DaemonInterruptMode mode, string signal, params string[] words)
    {
        using (var daemon = SimpleDaemon.Start("MyDaemon",
            new() { InterruptMode = mode, LogPath = _folder, OwnsSignals = true, AggressiveLimit = TimeSpan.FromMinutes(5) }))
        {
            using var kill = Process.Start("/bin/kill", [$"-{signal}", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
            if (mode == DaemonInterruptMode.Aggressive)
                Assert.Throws<SimpleDaemonExitException>(() => daemon.Wait("5m"));
            else
                daemon.Wait("5m");
            Assert.True(daemon.Interrupted);
            kill.WaitForExit();
        }

        Assert.Equal(words, File.ReadLines(Path.Combine(_folder, "simple_daemon.log")).Skip(4).Select(line => line.Split(" - ", 4)[3]));
    }
}
