using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>The keys of one template, one secret, one step, one host.</summary>
internal static class DeployItemKeys
{
    public static SchemaKey<string> To { get; } = new("to", RelativePath.Type,
        "Where it goes, relative to the release, or to `shared`.")
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

    public static SchemaKey<TemplatePlace> Into { get; } = new("into", ConfigTypes.Choice<TemplatePlace>(),
        "`shared`: into the folder that releases share, when the release is published.")
    {
        Default = "release",
    };

    public static SchemaKey<string> Link { get; } = new("link", ConfigTypes.FilePath,
        "A link to the file, made when the release is published. It leads through `current`, so it follows a rollback.")
    {
        Example = "/etc/init.d/billing",
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

    public static SchemaKey<IReadOnlyList<string>> StepRoles { get; } = ForRoles("Only hosts with one of these roles run it.", "[db]");

    public static SchemaKey<IReadOnlyList<string>> TemplateRoles { get; } = ForRoles("Only hosts with one of these roles get it.", "[web]");

    public static SchemaKey<bool> Once { get; } = new("primary", ConfigTypes.Boolean,
        "Whether one host alone runs it, while the others wait: the primary, or, if that has none of the step's `roles`, the first host "
            + "that does.")
    {
        Default = "false",
    };

    public static SchemaKey<string> Ssh { get; } = new("ssh", ConfigTypes.Text, "What `ssh` reaches it by.")
    {
        DefaultNote = "its name",
        Example = "deploy@web1:2222",
    };

    public static SchemaKey<IReadOnlyList<string>> Roles { get; } = new("roles", ConfigTypes.ListOf(ConfigTypes.Text),
        "Its roles; `--role` chooses hosts by them.")
    {
        Default = "[]",
        Example = "[web]",
    };

    public static SchemaKey<bool> Primary { get; } = new("primary", ConfigTypes.Boolean,
        "Whether the stage's lock is kept here, and `before_publish` runs here alone. Without it, this is the first host.")
    {
        Default = "false",
    };

    public static SchemaKey<IReadOnlyDictionary<string, string>> Properties { get; } = new("properties", ConfigTypes.TextMap,
        "Values of this host for templates and hooks; they win over `variables`.")
    {
        Default = "{}",
        Example = "{local_port: '8001'}",
    };

    public static ConfigurationSchema Template { get; } = new(
        [new("", "The keys of each entry of `templates`.", IsClosed: true)], [To, Mode, Into, Link, TemplateRoles]);

    public static ConfigurationSchema Secret { get; } = new(
        [new("", "Where each of `secrets` comes from; give one of these.", IsClosed: true)], [Command, File, Variable]);

    public static ConfigurationSchema Step { get; } = new(
        [new("", "The keys of each entry of `steps`.", IsClosed: true)], [Run, Before, After, StepRoles, Once]);

    public static ConfigurationSchema Host { get; } = new(
        [new("", "The keys of each entry of `hosts`.", IsClosed: true)], [Ssh, Roles, Primary, Properties]);

    private static SchemaKey<IReadOnlyList<string>> ForRoles(string description, string example) =>
        new("roles", ConfigTypes.ListOf(ConfigTypes.Text), description)
        {
            DefaultNote = "all hosts",
            Example = example,
        };
}
