using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What a service may not do and see: <c>service.sandbox</c>.</summary>
public static class SandboxKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.sandbox", "What it may not do and see, beside what its user may not.", IsClosed: true));

    public static SchemaKey<bool> NoNewPrivileges { get; } = All.Add(new SchemaKey<bool>(
        "service.sandbox.no_new_privileges", ConfigTypes.Boolean,
        "Nothing that the service runs gets more rights than it has itself: setuid programs such as `sudo` and `ping` run without "
            + "their owner's.")
    {
        DefaultNote = "`true` where `service.user` is another user than the agent's",
        Example = "true",
    });

    public static SchemaKey<IReadOnlyList<string>> Capabilities { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "service.sandbox.capabilities", ConfigTypes.ListOf(ConfigTypes.Choice([.. Engine.Processes.Capabilities.Names, ScopeSandbox.All])),
        "The capabilities that the service has; no other can be gained, by root neither. `[]`: none; `all`: whatever its user has.")
    {
        DefaultNote = "`[]` where `service.user` is another user than the agent's, else `all`",
        Example = "[net_bind_service]",
    });

    public static SchemaKey<bool> PrivateTmp { get; } = All.Add(new SchemaKey<bool>(
        "service.sandbox.private_tmp", ConfigTypes.Boolean,
        "Each launch has a `/tmp` and a `/var/tmp` of its own, empty and in memory. Folders of the service in them stay. Needs "
            + "root's agent.")
    {
        Default = "false",
    });

    public static SchemaKey<bool> ProtectHome { get; } = All.Add(new SchemaKey<bool>(
        "service.sandbox.protect_home", ConfigTypes.Boolean,
        "`/home`, `/root` and `/run/user` are empty. The service's own folder, virtualenv and interpreter in them stay. For an agent "
            + "that is not root's they are closed, by Landlock.")
    {
        Default = "false",
    });

    public static SchemaKey<IReadOnlyList<string>> ReadOnly { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "service.sandbox.read_only", ConfigTypes.ListOf(ConfigTypes.FilePath),
        "Files and folders that the service can't change, with all that is in them; `directories_to_create`, the folder of uWSGI's `logto` "
            + "and its run folder stay writable. For an agent that is not root's by Landlock.")
    {
        Default = "[]",
        Example = "[/etc, .]",
    });
}
