namespace ServiceCtl.Engine.Services.WrapperKit;

/// <summary>
/// The layout of a project of isp-python-wrapper-kit: <c>main.py</c>, <c>pyproject.toml</c> and <c>uv.lock</c> in the folder,
/// <c>config.yml</c> and <c>default_remote_config.json</c> in its <c>conf</c>.
/// </summary>
internal static class WrapperKitFolder
{
    private const string Conf = "conf";

    private const string Local = "config.yml";

    /// <summary>No other kind of service has it, so that it tells a project of the kit from others.</summary>
    private const string DefaultRemote = "default_remote_config.json";

    /// <summary>The configuration file that makes a folder one of the kit's; null where it is none.</summary>
    public static string? FindConfig(string folder) => Path.Combine(folder, Conf, Local) is var config && IsConfig(config) ? config : null;

    /// <summary>Is this the <c>conf/config.yml</c> of such a project?</summary>
    public static bool IsConfig(string configPath) =>
        Path.GetFileName(configPath) == Local && Path.GetDirectoryName(configPath) is { } conf && Path.GetFileName(conf) == Conf
            && File.Exists(Path.Combine(conf, DefaultRemote));

    /// <summary>The project's folder.</summary>
    public static string RootOf(string configPath) => Path.GetDirectoryName(Path.GetDirectoryName(configPath))!;
}
