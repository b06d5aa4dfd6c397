using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>The container that a service runs in (<c>service.container</c>).</summary>
public sealed record ContainerRule
{
    /// <summary>Is this the name of an engine, or may it be the path of its socket?</summary>
    public static bool IsEngine(string text) => text is "docker" or "podman" || Path.IsPathRooted(text);

    /// <summary>By name and tag, or by digest.</summary>
    public required string Image { get; init; }

    /// <summary>The folder that the image is built from; null for one that is pulled.</summary>
    public string? Build { get; init; }

    /// <summary>Name of the engine, or path of its socket; null for whichever is there.</summary>
    public string? Engine { get; init; }

    public string Network { get; init; } = ContainerKeys.Network.Usual;

    /// <summary>Where the image's own server listens inside; null for one that is passed the agent's socket.</summary>
    public int? Port { get; init; }

    /// <summary>Null for one that is not root.</summary>
    public string? User { get; init; }

    public bool ReadOnly { get; init; } = ContainerKeys.ReadOnly.Usual;

    /// <summary>As the engine takes them: sources are absolute paths or names of volumes.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    public PullPolicy Pull { get; init; } = ContainerKeys.Pull.Usual;

    /// <summary>Null for the image's.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }
}
