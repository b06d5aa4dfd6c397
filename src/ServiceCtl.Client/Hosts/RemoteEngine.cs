using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>The container engine of another host, by its command there: docker, or podman where there is no docker.</summary>
internal static class RemoteEngine
{
    private const int Neither = 127;

    /// <summary>Prints the id that an image of this name has there, or nothing.</summary>
    public static string Asked(PyServiceHost host, string image) =>
        Script(host, $"image inspect --format '{{{{.Id}}}}' {SshCommand.Quote(image)} 2>/dev/null || true");

    /// <summary>Takes an image from standard input.</summary>
    public static string Loading(PyServiceHost host) => Script(host, "load");

    /// <summary>Null where it was the engine's command that failed.</summary>
    public static ServiceCtlException? Failure(PyServiceHost host, int code, string words) => SshFailure.OfSudo(host, words)
        ?? (code != Neither ? null : new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.RunnerMissing,
            Target = host.HostName,
            HostName = host.HostName,
            Message = "There is neither docker nor podman on that host.",
            Advice = "Install one of them there.",
        }));

    private static string Script(PyServiceHost host, string words)
    {
        var sudo = host.Sudo ? "sudo -n -- " : "";
        return SshCommand.InShell(
            $"{SshCommand.SetPath}; for e in docker podman; do if command -v $e >/dev/null; then {sudo}$e {words}; exit; fi; done; "
                + $"exit {Neither}");
    }
}
