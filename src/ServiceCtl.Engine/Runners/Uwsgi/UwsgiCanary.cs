using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// What becomes of the section of a canary, which serves for a while beside the service's own generation: what must run once is not run by
/// it, and it logs to its own output, in uWSGI's own format.
/// </summary>
internal static class UwsgiCanary
{
    private static readonly HashSet<string> LeftOut =
    [
        "cron", "cron2", "unique-cron", "legion-cron", "unique-legion-cron", "cron-harakiri",
        "attach-daemon", "attach-daemon2", "attach-control-daemon", "smart-attach-daemon", "smart-attach-daemon2", "legion-attach-daemon",
        "legion-smart-attach-daemon", "legion-smart-attach-daemon2",
        "logto", "logto2", .. UwsgiSection.Daemonize, "log-format", "logformat", "logger", "req-logger", "logger-req", "log-route",
        "log-req-route", "log-encoder", "log-req-encoder",
    ];

    public static ServiceDefinition Of(ServiceDefinition definition) => definition with
    {
        Uwsgi = definition.Uwsgi with
        {
            Options = [.. definition.Uwsgi.Options.Where(option => !LeftOut.Contains(option.Name)).Select(Of)],
        },
    };

    /// <summary>Does the section silence requests? Then those answered with a 5xx are logged all the same.</summary>
    public static bool NeedsErrors(UwsgiSection section) => section.Has("disable-logging", "L") && !section.Has("log-5xx");

    private static ProgramOption Of(ProgramOption option) => option.Name switch
    {
        // One that only waits: what the application sends it has a receiver, and the code of the mule runs in the service's own.
        "mule" => option with { Name = "mules", Value = "1" },
        // The queue is the service's, and so is whoever works at it.
        "spooler" or "Q" => option with { Name = "spooler-external" },
        _ => option,
    };
}
