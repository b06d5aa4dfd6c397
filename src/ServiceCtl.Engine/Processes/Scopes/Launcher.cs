using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>
/// Puts sh, prlimit(1) and setpriv(1) in front of a program. Each execs the next, so that the pid stays and limits and user are in force
/// before the program's first instruction: setting them from outside after the start would leave a gap.
/// </summary>
internal static class Launcher
{
    private static readonly string[] Folders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

    /// <param name="spec">What is to run in the end.</param>
    /// <param name="limits">Options of prlimit.</param>
    /// <param name="user">Null: nobody else.</param>
    /// <param name="group">The cgroup it is to enter by itself; null: none.</param>
    /// <param name="mask">Its umask; null: the same as ours.</param>
    /// <param name="sandbox">What it may not do and see.</param>
    internal static ProcessSpec Wrap(
        ProcessSpec spec, IReadOnlyList<string> limits, LoginUser? user, Cgroup? group, SandboxPlan sandbox, int? mask = null)
    {
        spec = spec with { View = sandbox.View is { } view ? view with { Kept = [.. view.Kept, .. NeededBy(spec)] } : null };
        if (limits.Count == 0 && user is null && group is null && mask is null && sandbox.Options.Count == 0)
            return spec;

        SpawnRefusal.ThrowIfMissing(spec);
        if (mask is { } denied)
            spec = spec with
            {
                FileName = "/bin/sh",
                Arguments = ["-c", "umask \"$0\"; exec \"$@\"", Convert.ToString(denied, 8), spec.FileName, .. spec.Arguments]
            };

        if (user is not null)
            spec = InFront("setpriv", [.. RightsOf(user), .. sandbox.Options], spec with { Environment = EnvironmentOf(user, spec) },
                "service.user");
        else if (sandbox.Options.Count > 0)
            spec = InFront("setpriv", sandbox.Options, spec, "service.sandbox");

        // In front of setpriv, as only root may raise limits.
        if (limits.Count > 0)
            spec = InFront("prlimit", limits, spec, "service.limits");

        // A refusal shows when the agent does the same once more: ProcessScope.Enter.
        return group is null ? spec : spec with
        {
            FileName = "/bin/sh",
            Arguments = ["-c", "echo $$ 2>/dev/null >\"$0\"; exec \"$@\"", group.Entrance, spec.FileName, .. spec.Arguments],
        };
    }

    /// <summary>What is to be run as a service's user; the same where that is nobody else.</summary>
    /// <inheritdoc cref="UserOf"/>
    internal static ProcessSpec AsUser(ProcessSpec spec, string service, string? user, ScopeSandbox? sandbox = null)
    {
        LoginUser? other = UserOf(service, user);
        return Wrap(spec, [], other, group: null, SandboxPlan.Of(sandbox ?? ScopeSandbox.None, other));
    }

    /// <summary>
    /// Its folder, and where its program comes from: the interpreter of a virtualenv may be installed in somebody's home.
    /// </summary>
    private static IEnumerable<string> NeededBy(ProcessSpec spec)
    {
        yield return spec.WorkingDirectory;
        string[] programs = spec.Environment.TryGetValue("VIRTUAL_ENV", out string? environment)
            ? [spec.FileName, Path.Combine(environment, "bin", "python")] : [spec.FileName];
        foreach (string program in programs.Where(File.Exists))
        {
            string real = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
            string folder = Path.GetDirectoryName(real)!;
            string installation = Path.GetDirectoryName(folder) ?? "/";
            // Not the home of somebody who has a ~/bin.
            yield return Path.GetFileName(folder) == "bin" && Directory.Exists(Path.Combine(installation, "lib")) ? installation : real;
        }
    }

    /// <summary>Options of setpriv that give a program the rights of a user.</summary>
    internal static IReadOnlyList<string> RightsOf(LoginUser user) =>
        [FormattableString.Invariant($"--reuid={user.UserId}"), FormattableString.Invariant($"--regid={user.GroupId}"), "--init-groups"];

    /// <summary>Null when it is the user that this process runs as.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no such user; <see cref="ErrorCode.AccessDenied"/>:
    /// not root.</exception>
    internal static LoginUser? UserOf(string service, string? name)
    {
        if (name is null)
            return null;
        LoginUser user = LoginUser.Get(name, service);
        uint own = Libc.GetEffectiveUid();
        if (user.UserId == own)
            return null;
        return own == 0 ? user : throw new ServiceCtlException(
            ErrorCode.AccessDenied, service,
            $"{service} is to run as {user.Name}, but its agent runs as uid {own}, and only root may start programs as somebody else.",
            "Run the agent as root or as that user, or remove service.user.");
    }

    private static Dictionary<string, string> EnvironmentOf(LoginUser user, ProcessSpec spec)
    {
        Dictionary<string, string> environment = new(spec.Environment);
        ReadOnlySpan<(string, string)> variables = [("HOME", user.HomeFolder), ("USER", user.Name), ("LOGNAME", user.Name),
            ("SHELL", user.Shell)];
        foreach ((string name, string value) in variables)
        {
            if (!environment.TryGetValue(name, out string? given) || given == Environment.GetEnvironmentVariable(name))
                environment[name] = value;
        }

        // A session may have one of its own, which nobody else may enter.
        if (environment.TryGetValue("TMPDIR", out string? folder) && folder == Environment.GetEnvironmentVariable("TMPDIR"))
            environment.Remove("TMPDIR");
        return environment;
    }

    private static ProcessSpec InFront(string tool, IEnumerable<string> options, ProcessSpec spec, string setting) => spec with
    {
        FileName = Folders.Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists) ?? throw new ServiceCtlException(
            ErrorCode.RunnerMissing, tool, $"{setting} needs the program {tool}, which is in none of {string.Join(", ", Folders)}.",
            "Install the package util-linux."),
        Arguments = [.. options, "--", spec.FileName, .. spec.Arguments],
    };
}
