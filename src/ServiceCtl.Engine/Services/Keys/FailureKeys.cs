using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What is done about failures, by rules: <c>service.on_failure</c>.</summary>
public static class FailureKeys
{
    internal static KeyList All { get; } = new();

    public static SchemaKey<IReadOnlyList<FailureRule>> Rules { get; } = All.Add(RulesAt(
        "service.on_failure",
        "What is done about a failure: rules in their order, the first that matches decides; without one, `service.restart` does. "
            + "`match`: `exit` (codes), `signal` (names), `phase` (`start`, `running`, `stop`), `oom` (killed by the kernel, out of "
            + "memory), `health: failing`, `exception` (types, `*` and `?`), `module` (where an exception was raised), `log` (a regular "
            + "expression), `dependency` (services that it requires), `event` (`failed`, `given_up`, `recovered`), `rate` (`5 in 1m`); "
            + "nothing given matches each end and each failed probe. `do`: `restart`, `hot_restart`, `replace_instance`, `{start: NAME}` "
            + "(it is left alone, and another service is started), `stop` (it is left alone as failed), `finish` (Stopped, nothing has "
            + "failed), `record` and `ignore` (`service.restart` decides). `retry`: `delay`, `factor`, `max_delay`, `jitter`, `give_up` "
            + "(`3 in 10m`, counted for each rule), `then` (the name of a rule). `respond`: `status`, `retry_after`, `content_type`, "
            + "`code`, `body`, sent to clients instead. `run`: a program that is run, `[PROGRAM, ARGUMENT]` or `{command, timeout}`. "
            + "`pass: up`: services that require it are notified. `notify`: `info` or `critical`, or a mapping: `level`, `code`, `text`, "
            + "and other words for some: `info`, `critical`, `tg`, `sl`, `mail`, `webhook`, each a text or `{code, text}`. `record`: "
            + "`sinks` (`journal`, `syslog`, `file`), `level` (`debug`, `info`, `warning`, `error`, `critical`), `code`, `text`. `code` "
            + $"and `text` are for all who are given nothing else. In texts and `body`, {FailureText.NamesInWords} are filled in."));

    internal static SchemaKey<IReadOnlyList<FailureRule>> RulesAt(string path, string description) =>
        new(path, new ListType<FailureRule>(new FailureRuleType(), separators: "", takesMappings: true), description)
        {
            Default = "[]",
            Example = "[{match: {exit: [2, 78]}, do: stop, code: CFG-1}, {match: {exit: 0}, do: finish}]",
        };
}
