namespace ServiceCtl.Tests.Integration.Support;

/// <summary>The same small web service under each runner: <c>/ping</c>, and <c>/version</c> that answers <c>one</c>.</summary>
internal static class Served
{
    public static LocalService By(string runner, Home home, string more = "")
    {
        var name = $"by-{runner}";
        return runner switch
        {
            "uwsgi" => new FlaskService(home, name, more: more),
            "gunicorn" => Of($"runner: gunicorn, app: 'app:app', instances: 2", FlaskService.App),
            "uvicorn" => Of($"runner: uvicorn, app: 'app:app'", RunnerSamples.FastApi),
            "python" => Of($"runner: python, command: [server.py, --fd, '{{fd}}'], restart: {{delay: 100ms}}", RunnerSamples.Server),
            _ => throw new ArgumentOutOfRangeException(nameof(runner), runner, null),
        };

        LocalService Of(string words, string code) =>
            new(home, name, $"service: {{{words}, listen: '127.0.0.1:PORT'}}\n{more}\n", (CodeOf(runner), code));
    }

    public static string CodeOf(string runner) => runner == "python" ? "server.py" : "app.py";
}
