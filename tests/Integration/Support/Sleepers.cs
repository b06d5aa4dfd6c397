namespace ServiceCtl.Tests.Integration.Support;

/// <summary>The smallest services there are: they sleep. What matters is when they are started and stopped.</summary>
internal static class Sleepers
{
    /// <param name="home">Where it lives.</param>
    /// <param name="name">Its name.</param>
    /// <param name="more">More of its <c>service:</c> section.</param>
    /// <param name="script">What it does: of a shell script that got no further than its first line, the rest.</param>
    public static LocalService Create(Home home, string name, string more = "", string script = "exec sleep 1000") => new(
        home, name,
        $"service: {{runner: command, command: [./run.sh], ready: {{log: up}}{Rest(more)}}}",
        ("run.sh", $"#!/bin/sh\necho up\n{script}\n"));

    private static string Rest(string more) =>
        (more.Contains("restart:", StringComparison.Ordinal) ? "" : ", restart: {delay: 50ms}") + (more.Length > 0 ? ", " + more : "");
}
