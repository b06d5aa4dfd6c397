using System.Net.Sockets;
using Docker.DotNet;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Containers;

/// <summary>Docker, or podman by Docker's API, on a Unix socket of this host.</summary>
public sealed class ContainerEngine : IDisposable
{
    private const string DockerSocket = "docker.sock";
    private const string PodmanSocket = "podman/podman.sock";
    private const string UnixScheme = "unix://";

    /// <summary>How long a question may take; of what is streamed, each part.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly Lazy<DockerClient> _client;

    private ContainerEngine(string name, string socket)
    {
        Name = name;
        Socket = socket;
        _client = new(() => new DockerClientBuilder().WithEndpoint(new Uri($"unix:{Socket}")).WithTimeout(Limit).Build());
    }

    /// <summary><c>docker</c> or <c>podman</c>; also the name of its command.</summary>
    public string Name { get; }

    /// <summary>Path of its socket.</summary>
    public string Socket { get; }

    public DockerClient Client => _client.Value;

    /// <summary>What its command has to find in its environment, so that it talks to the same engine.</summary>
    public IReadOnlyDictionary<string, string> CommandEnvironment => new Dictionary<string, string>
    {
        [Name == "podman" ? "CONTAINER_HOST" : "DOCKER_HOST"] = $"{UnixScheme}{Socket}",
    };

    /// <summary>
    /// What comes before the words of its command: podman's would do the work itself, with an image store of its own.
    /// </summary>
    public IReadOnlyList<string> CommandWords => Name == "podman" ? ["--remote"] : [];

    /// <param name="wanted">Its name, or the path of its socket; null for the first that is there.</param>
    /// <param name="environment">Names sockets of the user's own; null for this process's.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>: there is none.</exception>
    public static ContainerEngine Find(string? wanted, Func<string, string?>? environment = null)
    {
        if (wanted is not null && Path.IsPathRooted(wanted))
            return new(NameOf(wanted), wanted);
        var candidates = Candidates(environment ?? Environment.GetEnvironmentVariable)
            .Where(candidate => wanted is null || candidate.Name == wanted).ToArray();
        foreach (var (name, socket) in candidates)
        {
            if (File.Exists(socket))
                return new(name, socket);
        }

        throw new ServiceCtlException(
            ErrorCode.RunnerMissing, wanted,
            $"No container engine is running: there is no {string.Join(", ", candidates.Select(one => one.Socket))}.",
            $"Start one ('systemctl start {(wanted == "podman" ? "podman.socket" : "docker")}'), or write the path of its socket into "
                + "service.container.engine.");
    }

    /// <summary>The process that listens on its socket; null where that can't be told.</summary>
    internal int? FindProcess()
    {
        try
        {
            using var connection = new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            connection.Connect(new UnixDomainSocketEndPoint(Socket));
            return PeerCredentials.Of(connection) is { Pid: > 0 and var pid } ? pid : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The error of a call, with its remedy.</summary>
    public ServiceCtlException Explain(Exception error, string doing) => error switch
    {
        ServiceCtlException known => known,
        _ when Cause<SocketException>(error) is { SocketErrorCode: SocketError.AccessDenied } => new(
            ErrorCode.AccessDenied, Socket, $"{Environment.UserName} may not use {Socket}: permission denied.",
            $"Add the user to the group that owns the socket ('ls -l {Socket}'); whoever may use a root's engine has root's power on this "
                + "host. A rootless engine of the user's own needs no group.", error),
        _ when Cause<SocketException>(error) is { } socket => new(
            ErrorCode.RunnerMissing, Socket, $"The container engine at {Socket} does not answer: {socket.Message}.",
            $"See whether it runs: 'systemctl status {Name}'.", error),
        DockerApiException api => new(ErrorCode.System, Name, $"{Name} can't {doing}: {MessageOf(api)}", AdviceFor(api), error),
        _ => new(ErrorCode.System, Name, $"{Name} can't {doing}: {error.Message}", $"Try the same by hand with '{Name}'.", error),
    };

    /// <summary>Is this what a call fails by when the engine is down, was just restarted, or refuses?</summary>
    public static bool IsTrouble(Exception error) => error is DockerApiException or HttpRequestException or IOException
        or TimeoutException or OperationCanceledException or SocketException;

    /// <summary>The engine's own words, which come as JSON.</summary>
    public static string MessageOf(DockerApiException error) => ApiMessage.Read(error.ResponseBody) ?? error.Message;

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    private static string AdviceFor(DockerApiException error) => (int)error.StatusCode switch
    {
        404 => "See that the image, network or volume it names exists.",
        409 => "Something with this name exists already.",
        _ => "The engine's own log says more.",
    };

    private static T? Cause<T>(Exception? error) where T : Exception
    {
        while (error is not (null or T))
            error = error.InnerException;
        return (T?)error;
    }

    private static IEnumerable<(string Name, string Socket)> Candidates(Func<string, string?> environment)
    {
        if (environment("DOCKER_HOST") is { } host && host.StartsWith(UnixScheme, StringComparison.Ordinal))
            yield return (NameOf(host), host[UnixScheme.Length..]);
        yield return ("docker", $"/var/run/{DockerSocket}");
        yield return ("podman", $"/run/{PodmanSocket}");
        if (environment("XDG_RUNTIME_DIR") is not { Length: > 0 } runtime)
            yield break;
        yield return ("docker", Path.Combine(runtime, DockerSocket));
        yield return ("podman", Path.Combine(runtime, PodmanSocket));
    }

    private static string NameOf(string socket) => socket.Contains("podman", StringComparison.Ordinal) ? "podman" : "docker";
}
