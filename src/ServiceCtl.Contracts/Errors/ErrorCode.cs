namespace ServiceCtl.Contracts;

/// <summary>What went wrong, as a word that scripts can rely on: the error id in PowerShell, <c>code</c> in JSON.</summary>
public enum ErrorCode
{
    /// <summary>A fault of ours; please report it.</summary>
    Internal,

    /// <summary>What was asked for makes no sense: an option, a name, a value.</summary>
    InvalidArgument,

    /// <summary>No service of this name is registered.</summary>
    ServiceNotFound,

    /// <summary>Another service of this name, or another name for this folder, is registered.</summary>
    ServiceExists,

    /// <summary>There is no configuration where one should be.</summary>
    ConfigNotFound,

    /// <summary>A file that is somebody else's is where one was to be made.</summary>
    FileExists,

    /// <summary>The configuration can't be read, parsed or understood; the problems say where.</summary>
    ConfigInvalid,

    /// <summary>The order makes no sense in the service's state (a hot restart of what does not run).</summary>
    InvalidState,

    /// <summary>It works with services of the host it runs on, and those run on Linux only.</summary>
    PlatformNotSupported,

    /// <summary>A program the runner needs is not on this host.</summary>
    RunnerMissing,

    /// <summary>The virtualenv named by the configuration is not there, or is broken.</summary>
    EnvironmentMissing,

    /// <summary>The virtualenv could not be made; the log lines are those of pip or uv.</summary>
    EnvironmentFailed,

    /// <summary>A package could not be built, or is not what it should be; the log lines are those of the tool.</summary>
    PackageFailed,

    /// <summary>An image could not be built, pushed or copied; the log lines are those of docker or podman.</summary>
    ImageFailed,

    /// <summary>The service's code can't be imported.</summary>
    ImportFailed,

    /// <summary>The address is in use by another program.</summary>
    AddressInUse,

    /// <summary>The process ended before it was ready.</summary>
    ExitedEarly,

    /// <summary>The process lives, but was not ready in time.</summary>
    NotReady,

    /// <summary>A service that this one requires could not be started.</summary>
    RequirementFailed,

    /// <summary>The process, or its port, outlived the time it was given to stop.</summary>
    StopTimedOut,

    /// <summary>The service runs, but not under the agent.</summary>
    RunsOutsideAgent,

    /// <summary>A critical test of tests.yaml failed.</summary>
    TestFailed,

    /// <summary>A release served its part of the connections worse than the one that it was to replace.</summary>
    CanaryFailed,

    /// <summary>A schedule that was run by hand failed.</summary>
    ScheduleFailed,

    /// <summary>A deploy is at work in the stage, has died there, or somebody has locked it on purpose.</summary>
    StageLocked,

    /// <summary>There is no such release, or none that a rollback could go to.</summary>
    ReleaseNotFound,

    /// <summary>A command of deploy.yaml failed; the log lines are its own.</summary>
    HookFailed,

    /// <summary>No agent answers, and none could be started.</summary>
    AgentUnreachable,

    /// <summary>Another host can't be reached over SSH, has no command, or was lost in the middle.</summary>
    HostUnreachable,

    /// <summary>The key of another host is unknown, or not the one that is known.</summary>
    HostUntrusted,

    /// <summary>The agent can't end while services run.</summary>
    AgentBusy,

    /// <summary>This user may not do that.</summary>
    AccessDenied,

    /// <summary>A user and a password are needed, and nobody has given them.</summary>
    CredentialRequired,

    /// <summary>A user, password or token was refused, or could not be checked.</summary>
    AuthenticationFailed,

    /// <summary>The operating system refused something; the message holds its words.</summary>
    System,

    /// <summary>What was waited for has not happened in time; it may still happen.</summary>
    TimedOut,

    /// <summary>The order was withdrawn: by Ctrl+C, or by a later order to stop.</summary>
    Cancelled,
}
