namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// What uWSGI 2.0 prints at each start, about itself and the host (core/uwsgi.c, core/socket.c, plugins/python/python_plugin.c). It
/// explains no failure, and would stand before what does. Warnings of what may be one (<c>!!!</c>, no application, no socket) are not among
/// it.
/// </summary>
internal static class UwsgiBanner
{
    private static readonly string[] Beginnings =
    [
        "[uWSGI] getting ", "*** Starting uWSGI ", "compiled with version: ", "os: Linux", "nodename: ", "machine: ", "clock source: ",
        "pcre jit ",
        "detected number of CPU cores: ", "current working directory: ", "writing pidfile to ", "detected binary path: ",
        "uWSGI running as root, you can use ",
        "*** WARNING: you are running uWSGI as root", "*** WARNING: you are running uWSGI without its master",
        "your processes number limit is ", "your memory page size is ",
        "detected max file descriptor number: ", "lock engine: ", "thunder lock: ", "uwsgi socket ", "Python version: ",
        "Python main interpreter initialized ",
        "*** Python threads support is disabled", "python threads support enabled", "your server socket listen backlog ",
        "your mercy for graceful ", "mapped ",
        "*** Operational MODE: ", "*** Stats server enabled on ", "*** uWSGI is running in multiple interpreter mode", "spawned uWSGI ",
        "PEP 405 virtualenv detected: ",
        "Set PythonHome to ", "uWSGI http bound on ", "closing all non-uwsgi socket fds", "[uwsgi-",
    ];

    public static bool Has(string line) => Array.Exists(Beginnings, beginning => line.StartsWith(beginning, StringComparison.Ordinal));
}
