using System.Globalization;
using System.Text;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// What <c>/proc/PID/status</c> tells of a process that keeps waiting whoever reads its <c>stat</c>: the kernel takes no lock of the
/// process for it. Not when it started, nor what time it has used.
/// </summary>
internal static class StatusFigures
{
    internal static ProcessFigures? TryRead(int pid) => ProcFile.TryReadAll($"/proc/{pid}/status") is { } text ? Parse(text) : null;

    internal static ProcessFigures? Parse(ReadOnlySpan<byte> status)
    {
        Dictionary<string, string> lines = [];
        foreach (string line in Encoding.UTF8.GetString(status).Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                lines.TryAdd(line[..colon], line[(colon + 1)..].Trim());
        }

        return Number("Tgid") is not { } pid || lines.GetValueOrDefault("State") is not { Length: > 0 } state ? null : new()
        {
            Pid = (int)pid,
            Name = lines.GetValueOrDefault("Name", ""),
            State = state[0],
            ParentPid = (int)(Number("PPid") ?? 0),
            ProcessGroup = (int)(Number("NSpgid") ?? 0),
            Session = (int)(Number("NSsid") ?? 0),
            IsExiting = false,
            StartTicks = ProcessFigures.NotTold,
            UserTime = default,
            SystemTime = default,
            ResidentBytes = (Number("VmRSS") ?? 0) * 1024,
        };

        // Of several, one for each namespace, the first is ours.
        long? Number(string name) => lines.GetValueOrDefault(name)?.Split(' ', '\t') is [{ } first, ..]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
    }
}
