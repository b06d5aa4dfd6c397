using ServiceCtl.Engine.Configuration.Schema;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What is done for a service at set times: <c>service.schedule</c>.</summary>
public static class ScheduleKeys
{
    /// <summary>Of a program that is run.</summary>
    public static readonly TimeSpan UsualTimeout = TimeSpan.FromHours(1);

    internal static KeyList All { get; } = new();

    public static SchemaKey<IReadOnlyList<ScheduleRule>> Schedule { get; } = All.Add(new SchemaKey<IReadOnlyList<ScheduleRule>>(
        "service.schedule", new ScheduleType(),
        "What is done at set times. Each item has `cron` (five fields, six with seconds first, or `@daily` and the like) and either `run` "
            + "(program and arguments, without a shell, with the service's user, folder, environment, limits and sandbox) or `do` "
            + "(`restart`, `hot_restart`, `start` or `stop`). `name` is by default the program's or the order's; `time_zone` (such as "
            + "`Europe/Berlin`) the host's; `timeout` `1h` for `run`, and for `do` what the service's configuration says. `overlap` says "
            + "what happens while the last run still goes on: `skip` (default), `queue` or `kill`. `catch_up: true` makes up for missed "
            + "runs with one. While the service is stopped, only `start` and `stop` run.")
    {
        Default = "[]",
        Example = "[{cron: \"35 23 * * 5\", run: [./clean.py, --all]}, {cron: \"0 4 * * *\", do: hot_restart}]",
    });
}
