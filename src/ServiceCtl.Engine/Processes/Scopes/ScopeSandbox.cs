using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>What one generation of a service may not do and see, beside what its user may not.</summary>
public sealed record ScopeSandbox
{
    public static readonly ScopeSandbox None = new();

    /// <summary>Stands for all capabilities.</summary>
    public const string All = "all";

    /// <summary>Null: only where it runs as another user than the agent.</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary>Those that it keeps; null: none where it runs as another user than the agent, else all.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    public bool PrivateTmp { get; init; }

    public bool ProtectHome { get; init; }

    public IReadOnlyList<string> ReadOnly { get; init; } = [];

    /// <summary>Folders of its own, which it sees wherever they are.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>The same, and it writes to them.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Writable { get; init; } = [];
}
