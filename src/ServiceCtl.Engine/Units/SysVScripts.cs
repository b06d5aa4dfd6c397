using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Units;

/// <summary>
/// Scripts for <c>/etc/init.d</c>, in POSIX sh, with the headers and exit codes of the LSB.
/// https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/iniscrptact.html
/// </summary>
internal static class SysVScripts
{
    public static PyServiceUnit OfAgent(UnitHost host) => Script(
        SystemdUnits.AgentName, "ServiceCtl agent, which owns the Python services of this host", host,
        pidFile: "/run/servicectl.pid",
        start: "\"$program\" agent start >/dev/null && write_pid",
        // As under systemd, services outlive the agent. Stopped by an order they would not come back after a reboot.
        stop: "\"$program\" agent stop --keep-services >/dev/null && rm -f \"$pid_file\"",
        readPid: @"""$program"" agent status --json 2>/dev/null | sed -n 's/^{""pid"":\([0-9]*\).*/\1/p'");

    public static PyServiceUnit OfService(string name, IReadOnlyList<string> requires, UnitHost host) => Script(
        name, $"{name} (Python service)", host,
        pidFile: $"/run/{name}.pid",
        start: $"\"$program\" start {name} && write_pid",
        stop: $"\"$program\" stop {name} && rm -f \"$pid_file\"",
        readPid:
        $@"""$program"" status {name} --json 2>/dev/null | sed -n 's/^\[{{""name"":""[^""]*"",""state"":""[A-Za-z]*"",""pid"":\([0-9]*\).*/\1/p'",
        requires);

    /// <summary>A daemon does not go into the background by itself: start-stop-daemon does that, and writes the pid file.</summary>
    public static PyServiceUnit OfDaemon(DaemonUnitRequest request)
    {
        var command = DaemonCommand.Of(request);
        var user = request.User is { } name ? $" --chuid {Quote(name)}" : "";
        return new PyServiceUnit
        {
            Name = request.Name,
            Type = ServiceUnitType.SysV,
            FileName = request.Name,
            Content = Header(request.Name, $"{request.Name} (daemon)", []) + $$"""

                program={{Quote(command.Program)}}
                pid_file=/run/{{request.Name}}.pid

                is_running() {
                    start-stop-daemon --status --pidfile "$pid_file"
                }

                start() {
                    is_running && return 0
                    start-stop-daemon --start --quiet --background --make-pidfile --pidfile "$pid_file"{{user}} \
                        --chdir {{Quote(Path.GetDirectoryName(request.Program)!)}} --startas "$program" -- {{string.Join(' ', command.Arguments.Select(Quote))}}
                }

                stop() {
                    # A passive daemon finishes what it does; after 90 seconds it is killed.
                    start-stop-daemon --stop --quiet --oknodo --remove-pidfile --pidfile "$pid_file" --retry TERM/90/KILL/5
                }

                status() {
                    is_running
                }

                """ + Actions(request.Name),
        };
    }

    private static PyServiceUnit Script(
        string name, string description, UnitHost host, string pidFile, string start, string stop, string readPid,
        IReadOnlyList<string>? requires = null) => new()
        {
            Name = name,
            Type = ServiceUnitType.SysV,
            FileName = name,
            Content = Header(name, description, requires ?? []) + $$"""

                program={{Quote(host.Program)}}
                pid_file={{pidFile}}
                {{string.Concat(host.Environment.Select(variable => $"export {variable.Key}={Quote(variable.Value)}\n"))}}
                # The agent knows the process; the pid file is for those who look there.
                read_pid() {
                    {{readPid}}
                }

                write_pid() {
                    read_pid >"$pid_file"
                }

                start() {
                    {{start}}
                }

                stop() {
                    {{stop}}
                }

                status() {
                    pid=$(read_pid)
                    if [ -n "$pid" ]; then
                        echo "$pid" >"$pid_file"
                    elif [ -e "$pid_file" ]; then
                        return 1
                    else
                        return 3
                    fi
                }

                """ + Actions(name),
        };

    /// <summary>
    /// What a service requires the agent starts with it; where it has a script of its own, that comes first. insserv refuses a script
    /// whose Required-Start nobody provides.
    /// </summary>
    private static string Header(string name, string description, IReadOnlyList<string> requires) => $"""
        #!/bin/sh
        ### BEGIN INIT INFO
        # Provides:          {name}
        # Required-Start:    $remote_fs $network
        # Required-Stop:     $remote_fs $network
        # Should-Start:      {string.Join(' ', ["$syslog", .. requires])}
        # Should-Stop:       {string.Join(' ', ["$syslog", .. requires])}
        # Default-Start:     2 3 4 5
        # Default-Stop:      0 1 6
        # Short-Description: {description}
        # Description:       {description}, made by 'servicectl unit'.
        ### END INIT INFO

        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

        """;

    /// <summary>Exit codes: 2 wrong use, 5 not installed; of status: 0 runs, 1 is dead and its pid file is there, 3 does not run.</summary>
    private static string Actions(string name) => $$"""

        if [ ! -x "$program" ]; then
            [ "$1" = stop ] && exit 0
            echo "{{name}}: $program is not installed" >&2
            [ "$1" = status ] && exit 4
            exit 5
        fi

        case "$1" in
            start | stop)
                "$1" || exit 1
                ;;
            restart | force-reload)
                stop && start || exit 1
                ;;
            try-restart | condrestart)
                ! status || { stop && start; } || exit 1
                ;;
            status)
                status
                code=$?
                case $code in
                    0) echo "{{name}} is running, pid $(cat "$pid_file")" ;;
                    1) echo "{{name}} is dead, and its pid file $pid_file is there" ;;
                    3) echo "{{name}} is not running" ;;
                    *) echo "{{name}}: status unknown" ;;
                esac
                exit $code
                ;;
            *)
                echo "usage: $0 start|stop|restart|try-restart|force-reload|status" >&2
                exit 2
                ;;
        esac

        """;

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
