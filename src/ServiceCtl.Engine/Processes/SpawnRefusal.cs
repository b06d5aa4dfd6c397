using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>Why a program can't be started. The kernel gives one number for many causes, so that the cause is looked for.</summary>
internal static class SpawnRefusal
{
    internal static void ThrowIfUnfit(ProcessSpec spec)
    {
        if (!Path.IsPathFullyQualified(spec.FileName))
            throw Unfit(spec, $"The program '{Shown(spec.FileName)}' is not an absolute path.",
                "Give the whole path; PATH is not searched.");
        if (!Path.IsPathFullyQualified(spec.WorkingDirectory))
            throw Unfit(spec, $"The working directory '{Shown(spec.WorkingDirectory)}' is not an absolute path.", "Give the whole path.");
        if (spec.FileName.Contains('\0'))
            throw Unfit(spec, $"The path of the program '{Shown(spec.FileName)}' holds a NUL character.", null);
        if (spec.WorkingDirectory.Contains('\0'))
            throw Unfit(spec, $"The working directory '{Shown(spec.WorkingDirectory)}' holds a NUL character.", null);

        for (int i = 0; i < spec.Arguments.Count; i++)
        {
            if (spec.Arguments[i].Contains('\0'))
                throw Unfit(spec, $"Argument {i + 1} of {spec.FileName} holds a NUL character.",
                    "No program can be given such an argument.");
        }

        foreach ((string name, string value) in spec.Environment)
        {
            if (name.Length == 0 || name.Contains('=') || name.Contains('\0'))
                throw Unfit(spec, $"'{Shown(name)}' can't be the name of an environment variable.",
                    "A name is not empty and holds neither '=' nor NUL.");

            // The value may be a secret: it is not shown.
            if (value.Contains('\0'))
                throw Unfit(spec, $"The environment variable {name} holds a NUL character.", "No program can be given such a value.");
        }
    }

    /// <summary>For a program that another one is to exec: its absence would show only as that one's exit code.</summary>
    internal static void ThrowIfMissing(ProcessSpec spec)
    {
        ThrowIfUnfit(spec);
        bool runs = File.Exists(spec.FileName) && MayEnter(spec.FileName)
            && (Interpreter(spec.FileName) is not { } interpreter || File.Exists(interpreter));
        if ((DirectoryFault(spec) ?? (runs ? null : ProgramFault(spec, Errno.NoEntry))) is { } fault)
            throw fault;
    }

    internal static ServiceCtlException Explain(ProcessSpec spec, int error) => error switch
    {
        Errno.ArgumentsTooLong => new(
            ErrorCode.System,
            spec.FileName,
            $"Can't start {spec.FileName}: its {spec.Arguments.Count} arguments and {spec.Environment.Count} environment variables are too "
                + $"long together ({Size(spec)} bytes).",
            "The kernel takes a quarter of the stack limit (ulimit -s) for all of them, and 128 KiB for one. Pass long data in a file."),
        Errno.TryAgain => new(
            ErrorCode.System,
            spec.FileName,
            $"Can't start {spec.FileName}: no further process is allowed ({SystemError.Text(error)}).",
            "Raise the limit of processes of this user (ulimit -u), of its control group (pids.max) or of the host (kernel.pid_max), or "
                + "end what runs away."),
        Errno.OutOfMemory => new(
            ErrorCode.System, spec.FileName,
            $"Can't start {spec.FileName}: the host has not enough memory ({SystemError.Text(error)}).", null),
        Errno.TextBusy => new(
            ErrorCode.System, spec.FileName, $"Can't start {spec.FileName}: the file is open for writing.",
            "Wait until it is written, or replace it by rename."),
        Errno.BadDescriptor => new(
            ErrorCode.System, spec.FileName, $"Can't start {spec.FileName}: a descriptor that is to be passed on is closed.", null),
        Errno.Loop => new(
            ErrorCode.System,
            spec.FileName,
            $"Can't start {spec.FileName}: links in its path, or in that of its working directory {spec.WorkingDirectory}, lead in "
                + "a circle.",
            "Make the links again."),
        _ => DirectoryFault(spec) ?? ProgramFault(spec, error) ?? SystemError.Of(error, $"start {spec.FileName}", spec.FileName),
    };

    private static ServiceCtlException? DirectoryFault(ProcessSpec spec)
    {
        string directory = spec.WorkingDirectory;
        if (MayEnter(directory) && Directory.Exists(directory))
            return null;

        // Only now: a directory that may not be searched looks like one that is not there.
        if (FirstClosedAncestor(directory) is { } closed)
        {
            return new(
                ErrorCode.AccessDenied,
                directory,
                $"Can't start {spec.FileName}: the working directory {directory} may not be entered by uid {Libc.GetEffectiveUid()} (no "
                    + $"search permission on {closed}).",
                $"Grant it (chmod a+x {closed}), or choose another working directory.");
        }

        string state = MissingTarget(directory) is { } target ? $"is a link to {target}, which does not exist"
            : File.Exists(directory) ? "is not a directory"
            : "does not exist";
        return new(
            ErrorCode.System,
            directory,
            $"Can't start {spec.FileName}: its working directory {directory} {state}.",
            "Create it, or correct the path in the service's configuration.");
    }

    private static ServiceCtlException? ProgramFault(ProcessSpec spec, int error)
    {
        string program = spec.FileName;
        if (Directory.Exists(program))
            return new(ErrorCode.RunnerMissing, program, $"Can't start {program}: it is a directory.", "Name the program itself.");
        if (MissingTarget(program) is { } target)
        {
            return new(
                ErrorCode.RunnerMissing,
                program,
                $"Can't start {program}: it is a link to {target}, which does not exist.",
                "Make the link again, or recreate the virtualenv it belongs to.");
        }

        if (!File.Exists(program))
            return MissingProgram(program);
        if (!MayEnter(program))
        {
            return new(
                ErrorCode.AccessDenied,
                program,
                $"Can't start {program}: uid {Libc.GetEffectiveUid()} may not execute it.",
                $"Make it executable (chmod +x {program}); on a file system that is mounted noexec nothing is.");
        }

        return error switch
        {
            Errno.NoEntry or Errno.NotDirectory => MissingInterpreter(program, error),
            Errno.NotExecutable => new(
                ErrorCode.RunnerMissing,
                program,
                $"Can't start {program}: it is neither a program of this machine's kind nor a script with an interpreter in its "
                    + "first line.",
                "Begin a script with a line such as #!/bin/sh."),
            Errno.AccessDenied => new(
                ErrorCode.AccessDenied,
                program,
                Interpreter(program) is { } interpreter
                    ? $"Can't start {program}: its interpreter {interpreter} may not be executed."
                    : $"Can't start {program}: the kernel forbids it ({SystemError.Text(error)}).",
                "Look for a file system mounted noexec, and for rules of SELinux or AppArmor."),
            _ => null,
        };
    }

    private static ServiceCtlException MissingProgram(string program)
    {
        if (FirstClosedAncestor(Path.GetDirectoryName(program) ?? "/") is { } closed)
        {
            return new(
                ErrorCode.AccessDenied,
                program,
                $"Can't start {program}: uid {Libc.GetEffectiveUid()} may not enter {closed}.",
                $"Grant it (chmod a+x {closed}).");
        }

        return new(ErrorCode.RunnerMissing, program, $"Can't start {program}: there is no such file.", "Install it, or correct the path.");
    }

    // A virtualenv that was moved has scripts whose first line names a python that is no longer there.
    private static ServiceCtlException MissingInterpreter(string program, int error)
    {
        string? interpreter = Interpreter(program);
        if (interpreter is null)
        {
            return new(
                ErrorCode.RunnerMissing,
                program,
                $"Can't start {program}: the file is there, but the loader it was linked for is not ({SystemError.Text(error)}).",
                "The program was built for another C library or architecture; install one for this host.");
        }

        return interpreter.EndsWith('\r')
            ? new(ErrorCode.RunnerMissing, program,
                $"Can't start {program}: its first line ends with CR LF, so that the interpreter '{interpreter.TrimEnd('\r')}\\r' is "
                    + "not found.", "Save it with Unix line ends.")
            : new(ErrorCode.RunnerMissing, program,
                $"Can't start {program}: its interpreter {interpreter}, named in its first line, does not exist.",
                "Install it; if it belongs to a virtualenv that was moved, recreate the virtualenv.");
    }

    private static string? Interpreter(string script)
    {
        // As much as the kernel looks at: BINPRM_BUF_SIZE.
        Span<byte> start = stackalloc byte[256];
        int length = ProcFile.TryRead(script, start);
        if (length < 2 || !start.StartsWith("#!"u8))
            return null;
        ReadOnlySpan<byte> line = start[2..length];
        int end = line.IndexOf((byte)'\n');
        line = (end < 0 ? line : line[..end]).Trim(" \t"u8);
        int blank = line.IndexOfAny(" \t"u8);
        return Encoding.UTF8.GetString(blank < 0 ? line : line[..blank]);
    }

    private static string? MissingTarget(string link) =>
        new FileInfo(link) is { LinkTarget: not null } file && file.ResolveLinkTarget(returnFinalTarget: true) is { Exists: false } target
            ? target.FullName : null;

    private static string? FirstClosedAncestor(string directory)
    {
        string current = "/";
        foreach (string part in directory.Split('/', StringSplitOptions.RemoveEmptyEntries).Prepend(""))
        {
            current = Path.Join(current, part);
            if (!Directory.Exists(current))
                return null;
            if (!MayEnter(current))
                return current;
        }

        return null;
    }

    private static bool MayEnter(string path) =>
        Libc.AccessAt(LinuxConstants.CurrentDirectory, path, LinuxConstants.Executable, LinuxConstants.EffectiveAccess) == 0;

    private static long Size(ProcessSpec spec) =>
        spec.Arguments.Sum(argument => Encoding.UTF8.GetByteCount(argument) + 1L)
        + spec.Environment.Sum(variable => Encoding.UTF8.GetByteCount(variable.Key) + Encoding.UTF8.GetByteCount(variable.Value) + 2L);

    private static string Shown(string text) => text.Replace("\0", "\\0", StringComparison.Ordinal);

    private static ServiceCtlException Unfit(ProcessSpec spec, string message, string? advice) =>
        new(ErrorCode.InvalidArgument, Shown(spec.FileName), message, advice);
}
