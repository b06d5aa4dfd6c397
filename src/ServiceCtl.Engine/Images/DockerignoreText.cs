using System.Text;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Images;

/// <summary>What of a service's folder is no part of its image.</summary>
internal static class DockerignoreText
{
    private static readonly string[] Usual =
    [
        ".git", ".gitignore", ".hg", ".venv", ".venv-*", "venv", "**/__pycache__", "**/*.pyc", "**/.pytest_cache", "**/.mypy_cache",
        "**/.ruff_cache", "**/*.egg-info", "build", "dist", "node_modules", "Dockerfile", ".dockerignore", "compose*.yaml",
        "compose*.yml", "docker-compose*.yml",
    ];

    public static string Of(ImagePlan plan)
    {
        var definition = plan.Definition;
        var text = new StringBuilder();
        text.Append("# What stays out of the image. 'servicectl image files' wrote this file once, and never writes over it.\n");
        Append(text, Usual);
        text.Append("\n# Secrets are given to the container when it runs.\n");
        Append(text, [".env", ".env.*", "*.key", "*.pem", "deploy*.yaml"]);
        string[] own =
        [
            .. definition.DirectoriesToCreate.Append(definition.VirtualEnvironment).Append(definition.PidFile).OfType<string>()
                .Select(path => plan.Inside(Path.GetFullPath(path, definition.Folder))).OfType<string>(),
            definition.WrapperName == PathKeys.NeatScriptName.Usual ? "" : definition.WrapperName,
        ];
        own = [.. own.Where(path => path.Length > 0 && !Usual.Contains(path)).Distinct(StringComparer.Ordinal)];
        if (own.Length > 0)
        {
            text.Append("\n# What the service makes on this host.\n");
            Append(text, own);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            text.Append(line).Append('\n');
    }
}
