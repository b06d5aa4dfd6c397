using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>The keys of one template, one secret, one step.</summary>
internal static class DeployItemKeys
{
    public static SchemaKey<string> To { get; } = new("to", RelativePath.Type,
        "Where it goes, relative to the release.")
    {
        IsRequired = true,
        Example = "conf/app.conf",
    };

    /// <summary>Read as a umask is: octal, at most 0777.</summary>
    public static SchemaKey<int> Mode { get; } = new("mode", ConfigTypes.FileMode, "Who may do what with it.")
    {
        DefaultNote = "`0644`; `0600` where it holds a secret",
        Example = "'0640'",
    };

    public static SchemaKey<IReadOnlyList<string>> Command { get; } = new("command", ConfigTypes.Command, "A program that prints it.")
    {
        Example = "[pass, show, key]",
    };

    public static SchemaKey<string> File { get; } = new("file", ConfigTypes.FilePath, "A file that holds it.");

    public static SchemaKey<string> Variable { get; } = new("variable", ConfigTypes.Text, "A variable of whoever deploys.");

    public static SchemaKey<IReadOnlyList<string>> Run { get; } = new("run", ConfigTypes.ListOf(ConfigTypes.Text), "Its commands.")
    {
        IsRequired = true,
        Example = "[./warm.sh]",
    };

    public static SchemaKey<DeployPhase> Before { get; } = new(
        "before", ConfigTypes.Choice<DeployPhase>(), "The step that it comes before.");

    public static SchemaKey<DeployPhase> After { get; } = new("after", ConfigTypes.Choice<DeployPhase>(), "The step that it comes after.");

    public static ConfigurationSchema Template { get; } = new([new("", "A template.", IsClosed: true)], [To, Mode]);

    public static ConfigurationSchema Secret { get; } = new([new("", "A secret.", IsClosed: true)], [Command, File, Variable]);

    public static ConfigurationSchema Step { get; } = new([new("", "A step.", IsClosed: true)], [Run, Before, After]);
}
