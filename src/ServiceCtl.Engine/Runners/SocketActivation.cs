using System.Globalization;

namespace ServiceCtl.Engine.Runners;

/// <summary>
/// Passing sockets as systemd does: from descriptor 3 on, counted in LISTEN_FDS, for the process whose pid is LISTEN_PID.
/// </summary>
internal static class SocketActivation
{
    // The pid is not known before the spawn, and stays the same through exec: a shell that becomes the program can tell it.
    private const string Shell = "/bin/sh";
    private const string Script = "export LISTEN_PID=$$; exec \"$@\"";

    public static (string FileName, IReadOnlyList<string> Arguments) Wrap(string program, IReadOnlyList<string> arguments) =>
        (Shell, ["-c", Script, "sh", program, .. arguments]);

    public static void Announce(IDictionary<string, string> environment, int sockets) =>
        environment["LISTEN_FDS"] = sockets.ToString(CultureInfo.InvariantCulture);
}
