using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Status;

/// <summary>One service on a page of its own.</summary>
internal static class StatusPage
{
    public static string Of(PyServiceStatus status, MessageStyle style)
    {
        var page = new StringBuilder();
        AddRow("service", status.Name);
        AddRow("host", status.HostName);
        AddPainted("state", StateStyle.Paint(style, status.State, status.State.ToString()));
        AddRow("mode", status.Conclusion);
        AddRow("waits", status.Awaits);
        AddPainted("problem",
            status.Problem is { } problem && problem != status.RevisionProblem ? style.Paint(MessageKind.Error, problem) : null);
        AddRow("release", status.Release);
        AddRow("canary", status.Canary?.ToString());
        foreach (var kind in status.Canary?.Figures.Exceptions ?? [])
            AddRow("", $"| {kind}");
        AddRow("commit",
            status.Revision is { } revision ? $"{revision} {revision.Subject}".TrimEnd() : status.RevisionProblem ?? "not a git checkout");
        AddRow("pid", status.Pid?.ToString(CultureInfo.InvariantCulture));
        AddRow("generation", status.Generation == 0 ? null : status.Generation.ToString(CultureInfo.InvariantCulture));
        AddRow("up", status.Uptime is { } uptime ? ConsoleOutput.Text(uptime) : null);
        for (var i = 0; i < status.Addresses.Count; i++)
            AddRow(i == 0 ? "listens on" : "",
                status.Addresses[i] + (status.Unreachable.Contains(status.Addresses[i]) ? " (nothing listens there)" : ""));
        AddRow("consul",
            status.InConsul is null ? null : status.ConsulProblem ?? (status.InConsul == true ? "registered" : "not registered"));
        AddRow("memory", status.MemoryBytes is { } bytes ? $"{bytes / 1048576.0:0.0} MiB in {status.ProcessCount} processes" : null);
        AddRow("processor",
            status.ProcessorTime is { } time
                ? $"{time.TotalSeconds:0.00} s" + (status.ProcessorPercent is { } percent ? $", {percent:0.#} % of a core" : "") : null);
        AddRow("at boot", status.AtBoot switch { BootStart.Enabled => "starts", BootStart.Disabled => "stays stopped", _ => null });
        AddRow("restarts", status.Restarts == 0 ? null : status.Restarts.ToString(CultureInfo.InvariantCulture));
        AddRow("health",
            status.Health is { } health
                ? $"{health}, at {health.At:HH:mm:ss}" + (health.Good ? "" : $", {health.Failures} bad in a row") : null);
        AddRow("inside", status.Inside?.ToString());
        foreach (var line in status.Inside is { } inside ? LinesOf(inside) : [])
            AddRow("", $"| {line}");
        foreach (var module in status.Modules)
            AddRow("module", module.IsMissing ? $"{module} (MISSING)" : module.ToString());
        foreach (var limit in status.Limits)
            AddRow("limit", limit.ToString());
        foreach (var protection in status.Sandbox ?? [])
            AddRow("sandbox", protection.ToString());
        foreach (var worker in status.Workers)
        {
            AddRow(
                $"worker {worker.Id}",
                $"pid {worker.Pid}, {worker.Status}"
                    + (worker.Requests == 0
                        ? ""
                        : $", {worker.Requests} requests, {worker.Exceptions} exceptions, "
                            + $"{worker.AverageResponseTime.TotalMilliseconds:0.0} ms on average"));
        }

        AddRow("failure", status.Failure is { } failure ? FailureOf(failure) : null);
        AddRow("last exit", status.LastExit is { } exit ? $"{exit} at {exit.At:yyyy-MM-dd HH:mm:ss} (pid {exit.Pid})" : null);
        foreach (var line in status.LastExit?.LastLines ?? [])
            AddRow("", $"| {line}");
        AddRow("config", status.ConfigPath);
        AddRow("", status.ConfigChange);
        AddRow("log", status.LogPath);
        return page.ToString();

        static IEnumerable<object> LinesOf(PyServiceInside inside) =>
            inside.Certificates.Concat<object>(inside.Tasks).Concat(inside.Parts).Concat(inside.Handlers);

        static string FailureOf(PyServiceFailure failure) =>
            $"{failure.Cause}; {failure.Decision}{(failure.Code is { } code ? $" [{code}]" : "")}"
                + (failure.NextAt is { } next ? $", attempt {failure.Attempt} at {next:HH:mm:ss}" : "")
                + (failure.Place is { } place ? $" ({place})" : "");

        void AddRow(string name, string? value) => AddPainted(name, value is null ? null : VisibleText.Of(value));

        void AddPainted(string name, string? value)
        {
            if (value is not null)
                page.Append(CultureInfo.InvariantCulture, $"{name,-11} {value}\n");
        }
    }
}
