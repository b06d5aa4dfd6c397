using System.Globalization;
using System.Text;

namespace ServiceCtl.Engine.Images;

/// <summary>
/// The compose file of one service: what the agent would do for it, as far as compose can.
/// https://docs.docker.com/reference/compose-file/
/// </summary>
internal static class ComposeText
{
    public static string Of(ImagePlan plan, string repository)
    {
        var definition = plan.Definition;
        var text = new StringBuilder();
        void Line(int depth, string line) => text.Append(' ', 2 * depth).Append(line).Append('\n');

        Line(0, $"# {definition.Name} by itself, without an agent: 'docker compose up --build', or 'docker-compose'.");
        Line(0, "# 'servicectl image files' wrote this file once, and never writes over it.");
        Line(0, "services:");
        Line(1, $"{Quote(ImageName.ToRepository(definition.Name))}:");
        Line(2, "build:");
        Line(3, "context: .");
        Line(3, "args:");
        Line(4, "COMMIT: ${COMMIT:-unknown}");
        Line(4, "VERSION: ${VERSION:-unknown}");
        Line(2, $"image: {repository}:${{TAG:-latest}}");
        Line(2, "ports:");
        var published = definition.Listens.Where(listen => listen.EndPoint is not null)
            .Select(listen => listen.ToString()).DefaultIfEmpty($"127.0.0.1:{plan.Port}");
        foreach (var address in published)
            Line(3, $"- {Quote($"{address}:{plan.Port}")}");
        var variables = definition.Environment.Where(variable => variable.Key != "PYTHONPATH")
            .OrderBy(variable => variable.Key, StringComparer.Ordinal).ToList();
        if (variables.Count > 0)
            Line(2, "environment:");
        foreach (var (name, value) in variables)
        {
            // Compose reads a secret from its own environment, or from the .env beside this file.
            Line(3, $"{Quote(name)}: {(definition.Mask.Hides(name, value) ? $"${{{name}:?}}" : Quote(value))}");
        }

        if (definition.Requires.Count > 0)
        {
            Line(2, $"# It requires {string.Join(", ", definition.Requires)}: "
                + "'servicectl manifest' writes services that belong together into one file.");
        }

        Line(2, "restart: unless-stopped");
        var grace = Math.Ceiling(definition.Stop.Timeout.TotalSeconds + 1);
        Line(2, string.Create(CultureInfo.InvariantCulture, $"stop_grace_period: {grace}s"));
        Line(2, "read_only: true");
        Line(2, "tmpfs: [/tmp]");
        Line(2, "cap_drop: [ALL]");
        Line(2, "security_opt: [\"no-new-privileges:true\"]");
        var limits = definition.Limits;
        if (limits.MemoryBytes is { } memory)
            Line(2, string.Create(CultureInfo.InvariantCulture, $"mem_limit: {memory}b"));
        if (limits.CpuPercent is { } share)
            Line(2, string.Create(CultureInfo.InvariantCulture, $"cpus: {share / 100:0.###}"));
        if (limits.Processes is { } processes)
            Line(2, string.Create(CultureInfo.InvariantCulture, $"pids_limit: {processes}"));
        if (limits.OpenFiles is { } files)
            Line(2, string.Create(CultureInfo.InvariantCulture, $"ulimits: {{nofile: {files}}}"));
        return text.ToString();
    }

    /// <summary>JSON is YAML; a dollar would be a variable of compose's.</summary>
    private static string Quote(string text) => DockerfileText.Json(text.Replace("$", "$$", StringComparison.Ordinal));
}
