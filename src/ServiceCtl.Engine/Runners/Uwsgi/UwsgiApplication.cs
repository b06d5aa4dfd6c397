using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>Which options of uWSGI say what is loaded, and from where.</summary>
internal static class UwsgiApplication
{
    private static readonly string[] Naming = ["module", "wsgi", "w", "wsgi-file", "file", "mount", "eval", "paste", "ini-paste", "pyrun"];

    private static readonly HashSet<string> Loading =
    [
        .. Naming, "plugin", "plugins", "need-plugin", "need-plugins", "plugin-dir", "plugins-dir", "chdir", "chdir2",
        "virtualenv", "venv", "home", "pyhome", "H", "pythonpath", "python-path", "pp", "pyargv", "callable", "manage-script-name",
        "env", "set-env", "single-interpreter", "enable-threads", "pyimport", "python-import", "shared-import", "shared-pyimport",
        "set", "set-placeholder", "set-ph", "uid", "gid", "py-call-osafterfork",
    ];

    public static bool IsNamedIn(UwsgiSection section) => section.Has(Naming);

    /// <summary>Does the option bear on how the code is found and imported? Sockets, logs, crons and hooks do not.</summary>
    public static bool AffectsLoading(string key) => Loading.Contains(key);
}
