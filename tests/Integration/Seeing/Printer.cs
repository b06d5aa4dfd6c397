using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Seeing;

/// <summary>A service that runs a shell script and serves nothing.</summary>
internal static class Printer
{
    /// <summary>Words of a script: waits until the file <c>go</c> is there.</summary>
    public const string AwaitGo = "while [ ! -e go ]; do sleep 0.02; done\n";

    public static void Go(LocalService service) => File.WriteAllText(Path.Combine(service.Folder, "go"), "");

    /// <param name="home">Where it lives.</param>
    /// <param name="name">Its name.</param>
    /// <param name="script">What it does.</param>
    /// <param name="more">Further keys of the <c>service:</c> section.</param>
    /// <param name="keys">Further keys of the configuration.</param>
    /// <param name="ready">When it counts as ready.</param>
    public static LocalService Of(
        Home home, string name, string script, string more = "restart: {when: never}", string keys = "",
        string ready = "{delay: 10ms}") => new(
        home,
        name,
        $"""
        SERVICE_NAME: {name}
        {keys}
        service:
          runner: command
          command: [/bin/sh, print.sh]
          ready: {ready}
          {more}

        """,
        ("print.sh", script + "\n"));
}
