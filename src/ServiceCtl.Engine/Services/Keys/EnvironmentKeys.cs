using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>
/// How the virtualenv of <c>env_directory</c> is made: <c>service.venv</c>. Read when it is made; a change restarts nothing.
/// </summary>
public static class EnvironmentKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.venv", "How its virtualenv is made.", IsClosed: true));

    public static SchemaKey<EnvironmentTool> Tool { get; } = All.Add(new SchemaKey<EnvironmentTool>(
        "service.venv.tool", ConfigTypes.Choice<EnvironmentTool>(),
        "What makes the virtualenv and fills it: Python's own `venv` and pip, or `uv`.")
    {
        DefaultNote = "`uv` where `requirements` is a `uv.lock`, else `venv`",
        Example = "uv",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<string> Python { get; } = All.Add(
        new SchemaKey<string>("service.venv.python", ConfigTypes.Text,
            "The interpreter that it is made with: a path, or a name that PATH finds.")
        {
            Default = "python3",
            Effect = ConfigChangeEffect.None,
        });

    public static SchemaKey<string> Requirements { get; } = All.Add(new SchemaKey<string>(
        "service.venv.requirements", ConfigTypes.FilePath,
        "What is installed: a requirements file, a `pyproject.toml` (the project itself, with what it depends on), or a `uv.lock`.")
    {
        DefaultNote =
            "the first of `uv.lock` (with uv), `requirements.txt`, `pyproject.toml` that is in the service's folder; none of them is an "
                + "empty virtualenv",
        Example = "requirements.lock",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<string> Wheels { get; } = All.Add(new SchemaKey<string>(
        "service.venv.wheels", ConfigTypes.FilePath, "A folder with wheels. With it, nothing is taken from the network.")
    {
        Example = "/srv/wheels",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<string> Index { get; } = All.Add(
        new SchemaKey<string>("service.venv.index", ConfigTypes.Text, "The package index, a URL.")
        {
            DefaultNote = "what pip or uv is configured to use",
            Example = "https://pypi.example.org/simple",
            Effect = ConfigChangeEffect.None,
        });

    public static SchemaKey<bool> Hashes { get; } = All.Add(
        new SchemaKey<bool>("service.venv.hashes", ConfigTypes.Boolean, "Whether every requirement has to have a hash that fits.")
        {
            Default = "false",
            Effect = ConfigChangeEffect.None,
        });

    public static SchemaKey<bool> SystemPackages { get; } = All.Add(
        new SchemaKey<bool>("service.venv.system_packages", ConfigTypes.Boolean,
            "Whether the packages of the interpreter's own installation are seen, too.")
        {
            Default = "false",
            Effect = ConfigChangeEffect.None,
        });

    public static SchemaKey<TimeSpan> Timeout { get; } = All.Add(
        new SchemaKey<TimeSpan>("service.venv.timeout", ConfigTypes.Duration, "Making it may take so long.")
        {
            Unit = "seconds",
            Default = "10m",
            Effect = ConfigChangeEffect.None,
        });
}
