using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;

namespace ServiceCtl.Engine.Images;

/// <summary>
/// The command of a container engine, <c>docker</c> or <c>podman</c>: builds, pushes and copies are its affair, so that its own
/// configuration, credential helpers and cache hold.
/// </summary>
/// <param name="Name"><c>docker</c> or <c>podman</c>.</param>
/// <param name="Leading">Words that come before the others.</param>
/// <param name="Environment">What makes it talk to the engine that is meant.</param>
internal sealed record ContainerTool(string Name, IReadOnlyList<string> Leading, IReadOnlyDictionary<string, string> Environment)
{
    public const string Docker = "docker";
    public const string Podman = "podman";

    /// <summary>An image may have gigabytes, and a line to a registry may be slow.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2), Asking = TimeSpan.FromMinutes(1);

    /// <param name="folder">Where it works.</param>
    /// <param name="told">Hears each line.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="arguments">Its words.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>: there is no such command;
    /// <see cref="ErrorCode.TimedOut"/>.</exception>
    public async Task<ToolRun> RunAsync(
        string folder, Action<string>? told, CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        try
        {
            return await ToolRun.RunAsync(Name, [.. Leading, .. arguments], Environment, folder, user: null, told, Limit, cancellation);
        }
        catch (TimeoutException error)
        {
            throw new ServiceCtlException(ErrorCode.TimedOut, Name, error.Message, "See what it waits for: a registry?", error);
        }
    }

    /// <summary>What a question is answered with, a JSON object a line. Warnings that stand between them are left out.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>: the engine can't be asked.</exception>
    public async Task<IReadOnlyList<string>> AskAsync(string what, CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        List<string> lines = [];
        var run = await ToolRun.RunAsync(Name, [.. Leading, .. arguments], Environment, "/", user: null, Take, Asking, cancellation);
        return run.Code == 0 ? lines : throw Failed(ErrorCode.System, what, run);

        void Take(string line)
        {
            lock (lines)
                lines.Add(line);
        }
    }

    /// <summary>What it could not do, with its own lines.</summary>
    public ServiceCtlException Failed(ErrorCode code, string what, ToolRun run) => new(new ErrorReport
    {
        Code = code,
        Target = what,
        Message = $"{what}: {Name} ended with {run.Code}{(Reason(run.Lines) is { } reason ? $": {VisibleText.Line(reason)}" : ".")}",
        Advice = Advice(run.Lines),
        LogLines = [.. run.Lines.TakeLast(50)],
    });

    /// <summary>How its standard output and input are taken as they are.</summary>
    public System.Diagnostics.ProcessStartInfo StartOf(params IReadOnlyList<string> arguments)
    {
        var start = ToolRun.StartOf(Name, [.. Leading, .. arguments], "/", user: null);
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }

    private static string? Reason(IReadOnlyList<string> lines) => lines.LastOrDefault(line => line.Trim().Length > 0)?.Trim();

    private string Advice(IReadOnlyList<string> lines)
    {
        bool Says(string words) => lines.Any(line => line.Contains(words, StringComparison.OrdinalIgnoreCase));

        return Says("Cannot connect to the Docker daemon") || Says("Is the docker daemon running")
                ? "Start the engine ('systemctl start docker'), or name another one with '--engine'."
            : Says("permission denied while trying to connect")
                ? "Become a member of the group 'docker', which has root's power on this host, or use podman."
            : Says("unauthorized") || Says("authentication required") || Says("no basic auth credentials") || Says("denied:")
                ? $"Log in to the registry with '{Name} login'; its credential helpers work here, too."
            : Says("server gave HTTP response to HTTPS client")
                ? "The registry has no TLS: name it in the engine's own configuration of insecure registries."
            : "Its own lines say why.";
    }
}
