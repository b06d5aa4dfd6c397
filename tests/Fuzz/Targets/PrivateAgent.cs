using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ServiceCtl.Tests.Fuzz.Targets;

/// <summary>
/// An agent of its own in a folder of its own, with room for services. Never root's: what is changed at random may name any file and any
/// process.
/// </summary>
internal sealed class PrivateAgent(string command) : IAsyncDisposable
{
    private const string Nobody = "65534";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly string[] Demotion = Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", "--"] : [];

    private bool _isOwned;

    public string Folder { get; } = Directory.CreateTempSubdirectory("sc-fuzz-").FullName;

    public string Home => Path.Combine(Folder, "home");

    public string State => Path.Combine(Home, "state");

    private string SocketPath => Path.Combine(Home, "agent.sock");

    /// <summary>Runs the command to its end.</summary>
    public async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        await OwnAsync();
        string[] words = [.. Demotion, command, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["SERVICECTL_HOME"] = Home;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Makes a service that only sleeps, and has the agent know it.</summary>
    public async Task AddAsync(string name, string more = "")
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "config.yaml"),
            $"SERVICE_NAME: {name}\nservice:\n  runner: command\n  command: [sleep, '100000']\n{more}");
        if (await RunAsync("register", folder) is { Code: not 0 } failed)
            throw new FaultException($"It can't be begun: {failed.Output}");
    }

    /// <returns>What comes back within a moment of silence, or until the agent closes.</returns>
    public async Task<string> SendAsync(byte[] bytes, TimeSpan silence)
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        var answer = new MemoryStream();
        try
        {
            await client.SendAsync(bytes);
            var piece = new byte[64 * 1024];
            while (answer.Length < 1 << 20)
            {
                using var limit = new CancellationTokenSource(silence);
                if (await client.ReceiveAsync(piece, limit.Token) is var count && count == 0)
                    break;
                answer.Write(piece, 0, count);
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // It closed first, or has nothing more to say.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>The agent's process, as it says itself; a fault when it does not answer.</summary>
    public async Task<int> PidAsync()
    {
        var answer = await SendAsync("GET /v1/agent HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n"u8.ToArray(), Patience);
        var at = answer.IndexOf("\"pid\":", StringComparison.Ordinal);
        return at < 0 ? throw new FaultException($"The agent does not answer: {answer}")
            : int.Parse(new string([.. answer[(at + 6)..].SkipWhile(letter => letter == ' ').TakeWhile(char.IsAsciiDigit)]),
                CultureInfo.InvariantCulture);
    }

    private async Task OwnAsync()
    {
        if (_isOwned || Demotion.Length == 0)
            return;
        using var owning = Process.Start("chown", [Nobody, Folder]);
        await owning.WaitForExitAsync();
        _isOwned = true;
    }

    public static (long Memory, int Descriptors) FiguresOf(int pid) => (
        1024 * long.Parse(
            File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture),
        Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("stop", "*");
        await RunAsync("agent", "stop", "--force");
        Directory.Delete(Folder, recursive: true);
    }
}
