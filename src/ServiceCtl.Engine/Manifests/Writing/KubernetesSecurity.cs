using System.Globalization;
using static ServiceCtl.Engine.Manifests.Writing.ManifestNode;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>What a pod and its container may do.</summary>
internal static class KubernetesSecurity
{
    /// <param name="user">As <c>service.container.user</c> has it.</param>
    public static ManifestMap OfPod(string? user)
    {
        var parts = user?.Split(':') ?? [];
        return new ManifestMap()
            .Set("runAsNonRoot", !IsRoot(user))
            .Set("runAsUser", parts.Length > 0 ? NumberOf(parts[0]) : null)
            .Set("runAsGroup", parts.Length > 1 ? NumberOf(parts[1]) : null)
            .Set("seccompProfile", new ManifestMap().Set("type", "RuntimeDefault"));
    }

    public static ManifestMap OfContainer(ManifestService service) => new ManifestMap()
        // It could be gained, and is what the kernel then refuses to withhold.
        .Set("allowPrivilegeEscalation",
            !service.NoNewPrivileges || service.Capabilities is null || service.Capabilities.Contains("sys_admin"))
        .Set("readOnlyRootFilesystem", service.Container.ReadOnly)
        .SetUnlessEmpty("capabilities", service.Capabilities is { } kept
            ? new ManifestMap().Set("drop", List("ALL")).Set("add", ListOrNone([.. kept.Select(name => name.ToUpperInvariant())]))
            : new ManifestMap().Set("add", List("ALL")));

    public static bool IsRoot(string? user) => user?.Split(':')[0] is "root" or "0";

    /// <summary>Kubernetes knows no names of users.</summary>
    public static bool HasName(string? user) => user?.Split(':')[0] is { } name && name != "root" && NumberOf(name) is null;

    private static ManifestNode? NumberOf(string text) => text == "root" ? 0L
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (ManifestNode)number : null;
}
