using ServiceCtl.Engine.Configuration.Composition;

namespace ServiceCtl.Engine.Checks;

/// <summary>A service's tests.yaml, read and right.</summary>
internal sealed record TestFile
{
    public required IReadOnlyList<IntegrationTest> Integration { get; init; }

    public required IReadOnlyList<UnitTest> Unit { get; init; }

    /// <summary>Who asks for the token; null where the file has no <c>auth</c>.</summary>
    public Login? Login { get; init; }

    public TokenPlace TokenPlace { get; init; }

    /// <summary>Knows the secrets of the file, to keep them out of what is shown.</summary>
    public required SecretMask Mask { get; init; }
}
