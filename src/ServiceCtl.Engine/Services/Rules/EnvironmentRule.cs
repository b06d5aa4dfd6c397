using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>How a service's virtualenv is made; <see cref="EnvironmentKeys"/> says what each value means.</summary>
public sealed record EnvironmentRule
{
    /// <summary>Null for what fits the requirements.</summary>
    public EnvironmentTool? Tool { get; init; }

    public string Python { get; init; } = EnvironmentKeys.Python.Usual;

    /// <summary>Null for what is found in the service's folder.</summary>
    public string? Requirements { get; init; }

    public string? Wheels { get; init; }

    public string? Index { get; init; }

    public bool Hashes { get; init; } = EnvironmentKeys.Hashes.Usual;

    public bool SystemPackages { get; init; } = EnvironmentKeys.SystemPackages.Usual;

    public TimeSpan Timeout { get; init; } = EnvironmentKeys.Timeout.Usual;
}
