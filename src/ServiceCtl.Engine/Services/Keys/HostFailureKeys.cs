using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>The keys of a host's <c>on_failure.yaml</c>.</summary>
internal static class HostFailureKeys
{
    public static SchemaKey<IReadOnlyList<FailureRule>> Rules { get; } = FailureKeys.RulesAt(
        "on_failure", "What is done about a failure that no rule of its service matches: rules as in `service.on_failure`.");

    public static SchemaKey<string> AtOnce { get; } = new("at_once", ConfigTypes.TextMatching(Failures.AtOnce.Form),
        "How many services may be restarted at the same time by rules and `service.restart`: a number, or a share of all; at least one. "
            + "The others wait for their turn; what is ordered does not.")
    {
        DefaultNote = "`10%`, and at least 10",
        Example = "10%",
    };

    public static ConfigurationSchema Schema { get; } =
        new([new SchemaSection("", "What a host says about the failures of its services.", IsClosed: true)], [Rules, AtOnce]);
}
