using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServiceCtl.Engine.Containers;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Images;

/// <summary>
/// The Dockerfile of a service: a virtualenv from one stage, the code in another, nobody's user, one process that gets the signals. It is
/// fit for the agent, which passes its socket as descriptor 3, and for <c>docker run</c>.
/// </summary>
internal static class DockerfileText
{
    /// <summary>Anybody's number but root's: files need no owner, and the image no entry in /etc/passwd.</summary>
    private const string User = "10001:10001";

    public static string Of(ImagePlan plan)
    {
        var definition = plan.Definition;
        var text = new StringBuilder();
        void Line(string line = "") => text.Append(line).Append('\n');

        Line($"# The image of {definition.Name}. 'servicectl image files' wrote this file once, and never writes over it.");
        Line("# 'servicectl image build' builds it, and so does 'docker build'.");
        Line($"ARG PYTHON={plan.Python}");
        Line();
        // uWSGI comes as sources, which need a compiler.
        Line($"FROM python:${{PYTHON}}{(plan.Server.Package == "uwsgi" ? "" : "-slim")} AS build");
        Line("ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1");
        Line("RUN python3 -m venv /opt/venv");
        Line("WORKDIR /src");
        Install(plan, Line);
        Line();
        Line("FROM python:${PYTHON}-slim");
        Line("WORKDIR /srv/app");
        Line("COPY --from=build /opt/venv /opt/venv");
        Line("COPY . .");
        Line("# HOME is the one folder that is writable in a read-only container.");
        Line($"ENV PATH=/opt/venv/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1{PathOf(plan)}");
        Line("# Last, as they differ with each commit: what comes before stays in the cache.");
        Line("ARG COMMIT=unknown");
        Line("ARG VERSION=unknown");
        Line($"LABEL {ImageLabels.Service}={Json(definition.Name)} \\");
        Line($"      {ImageLabels.Title}={Json(definition.Name)} \\");
        Line($"      {ImageLabels.Commit}=$COMMIT \\");
        Line($"      {ImageLabels.Version}=$VERSION");
        Line($"USER {User}");
        Line($"EXPOSE {plan.Port}");
        Line($"STOPSIGNAL {Signals.NameOf(definition.Stop.Signal)}");
        if (plan.Page is { } page)
        {
            Line("# Under the agent, which asks at its own socket, nothing listens in here, and the check has nothing to say.");
            Line($"HEALTHCHECK --interval=10s --timeout=5s --start-period={Math.Ceiling(definition.Ready.Timeout.TotalSeconds)}s "
                + $"CMD {Exec(Check(plan.Port, page))}");
        }

        if (plan.Server.Passed is not null)
            Line("# With a passed socket it serves that, else the port.");
        Line($"CMD {Exec(plan.Server.Words)}");
        return text.ToString();
    }

    /// <summary>Asks the page where the container serves by itself.</summary>
    internal static IReadOnlyList<string> Check(int port, string page) =>
    [
        "python3", "-c",
        "import urllib.request as r; b'LISTEN_FDS=' in open('/proc/1/environ','rb').read() or "
            + $"r.urlopen('http://127.0.0.1:{port}{page.Replace("'", "%27", StringComparison.Ordinal)}', timeout=4)",
    ];

    internal static string Exec(IEnumerable<string> words) => $"[{string.Join(", ", words.Select(Json))}]";

    internal static string Json(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static void Install(ImagePlan plan, Action<string> line)
    {
        var pip = "RUN /opt/venv/bin/pip install";
        if (plan.NeedsCordio)
        {
            line("# 'servicectl wheel -d wheels' writes it.");
            line("COPY wheels /wheels");
            pip += " --find-links /wheels";
        }

        if (plan.IsLock)
        {
            line("RUN pip install uv");
            line("COPY pyproject.toml uv.lock ./");
            line("RUN UV_PROJECT_ENVIRONMENT=/opt/venv uv sync --frozen --no-dev --no-install-project");
        }
        else if (plan.Requirements is { } file)
        {
            if (plan.NeedsSources)
                line("COPY . .");
            else
                line($"COPY {Exec([file, "./"])}");
            line(plan.IsProject ? $"{pip} ." : $"{pip}{(plan.Definition.Venv.Hashes ? " --require-hashes" : "")} -r {plan.Requirements}");
        }

        if (plan.MissingServer is { } server)
        {
            line($"# The requirements do not name it. To have one version of it, name it there.");
            line(plan.IsLock ? $"RUN uv pip install --python /opt/venv/bin/python {server}" : $"{pip} {server}");
        }
    }

    /// <summary>Folders of the project that are on Python's path here.</summary>
    private static string PathOf(ImagePlan plan)
    {
        var own = plan.Definition.Environment.GetValueOrDefault("PYTHONPATH")?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];
        string[] inside = [.. own.Select(folder => Path.GetFullPath(folder, plan.Definition.Folder))
            .Select(folder => folder == plan.Definition.Folder ? "/srv/app" : plan.Inside(folder) is { } below ? $"/srv/app/{below}" : null)
            .OfType<string>()];
        return inside.Length == 0 ? "" : $" PYTHONPATH={string.Join(':', inside)}";
    }
}
