using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Environments;

/// <summary>Looks for what services, and the verbs about them, need of a host.</summary>
internal static class HostChecks
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Below this, a busy agent runs out of descriptors: several for each service.</summary>
    private const long FewestOpenFiles = 4096;

    /// <param name="ports">TCP ports that have to be free.</param>
    /// <param name="repository">A repository that has to be reached; null for that which the current folder's checkout is from.</param>
    /// <param name="folder">The current folder; null for none.</param>
    /// <param name="cancellation">Stops.</param>
    internal static async IAsyncEnumerable<HostCheck> RunAsync(
        IReadOnlyList<int> ports, string? repository, string? folder,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return await AskAsync("python", HostCheckOutcome.Failed, "python3", ["--version"], "Python 3 is not on PATH",
            "apt install python3", cancellation);
        yield return await AskAsync(
            "venv", HostCheckOutcome.Failed, "python3", ["-c", "import ensurepip, venv; print('venv with pip', ensurepip.version())"],
            "Python can't make virtualenvs with pip", "apt install python3-venv", cancellation);
        yield return await AskAsync("uwsgi", HostCheckOutcome.Failed, "uwsgi", ["--version"], "uWSGI is not on PATH",
            "apt install uwsgi-core, or pip install uwsgi into the virtualenv", cancellation);
        yield return await AskAsync(
            "uwsgi-python", HostCheckOutcome.Failed, "uwsgi", ["--plugin", "python3", "--python-version"],
            "uWSGI has no Python 3 plugin", "apt install uwsgi-plugin-python3, or pip install uwsgi into the virtualenv", cancellation);
        yield return await AskAsync(
            "git", HostCheckOutcome.Warning, "git", ["--version"], "git is not on PATH; fetching code needs it", "apt install git",
            cancellation);
        yield return await AskAsync(
            "uv", HostCheckOutcome.Warning, "uv", ["--version"], "uv is not on PATH; the runner uv and service.venv.tool: uv need it",
            "see https://docs.astral.sh/uv/getting-started/installation/", cancellation);
        yield return Keys();
        if (await RepositoryCheck.RunAsync(repository, folder, cancellation) is { } reached)
            yield return reached;
        yield return OpenFiles();
        foreach (int port in ports)
            yield return Port(port);
    }

    private static async Task<HostCheck> AskAsync(
        string name, HostCheckOutcome otherwise, string program, string[] arguments, string problem, string advice,
        CancellationToken cancellation)
    {
        try
        {
            ToolRun run = await ToolRun.RunAsync(program, arguments, new Dictionary<string, string>(), "/", user: null, null, Limit,
                cancellation);
            return run.Code == 0
                ? new HostCheck { Name = name, Outcome = HostCheckOutcome.Passed, Message = run.Lines.Count > 0 ? run.Lines[^1] : program }
                : Lacking($"{problem}: {string.Join(' ', run.Lines.TakeLast(1))}");
        }
        catch (Exception error) when (error is ServiceCtlException or TimeoutException)
        {
            return Lacking(error is TimeoutException ? error.Message : problem + ".");
        }

        HostCheck Lacking(string message) => new() { Name = name, Outcome = otherwise, Message = message, Advice = advice };
    }

    private static HostCheck Keys()
    {
        string folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        string[] keys = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "id_*.pub").Select(file => Path.GetFileNameWithoutExtension(file))] : [];
        bool hasAgent = Environment.GetEnvironmentVariable("SSH_AUTH_SOCK") is { Length: > 0 };
        return keys.Length > 0 || hasAgent
            ? new HostCheck
            {
                Name = "ssh-keys",
                Outcome = HostCheckOutcome.Passed,
                Message = keys.Length > 0 ? string.Join(", ", keys) : "an ssh-agent"
            }
            : new HostCheck
            {
                Name = "ssh-keys",
                Outcome = HostCheckOutcome.Warning,
                Message = $"No key in {folder}, and no ssh-agent; repositories and hosts behind SSH need one.",
                Advice = "ssh-keygen -t ed25519, or forward an agent",
            };
    }

    /// <summary>The hard limit: .NET raises the soft one to it by itself.</summary>
    private static HostCheck OpenFiles()
    {
        string line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        string hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        bool isEnough = !long.TryParse(hard, CultureInfo.InvariantCulture, out long number) || number >= FewestOpenFiles;
        return new HostCheck
        {
            Name = "open-files",
            Outcome = isEnough ? HostCheckOutcome.Passed : HostCheckOutcome.Warning,
            Message = isEnough ? $"{hard} at most" : $"{hard} open files at most; many services need {FewestOpenFiles}.",
            Advice = isEnough ? null : "raise nofile in /etc/security/limits.conf, or LimitNOFILE of the agent's unit",
        };
    }

    private static HostCheck Port(int port)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"port-{port}");
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return new HostCheck { Name = name, Outcome = HostCheckOutcome.Passed, Message = "free" };
        }
        catch (SocketException error)
        {
            return new HostCheck
            {
                Name = name,
                Outcome = HostCheckOutcome.Failed,
                Message = $"Nothing can listen on it: {error.Message}.",
                Advice = error.SocketErrorCode == SocketError.AccessDenied
                    ? "run the agent as root, or lower net.ipv4.ip_unprivileged_port_start" : $"see who has it: ss -ltnp 'sport = :{port}'",
            };
        }
    }
}
