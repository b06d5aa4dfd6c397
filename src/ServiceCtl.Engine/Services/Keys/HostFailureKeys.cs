using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>The keys of a host's <c>on_failure.yaml</c>.</summary>
internal static class HostFailureKeys
{
    public static SchemaKey<IReadOnlyList<FailureRule>> Rules { get; } = FailureKeys.RulesAt(
        "on_failure", "What is done about a failure that no rule of its service matches: rules as in `service.on_failure`.");

    public static ConfigurationSchema Schema { get; } =
        new([new SchemaSection("", "What a host says about the failures of its services.", IsClosed: true)], [Rules]);
}
