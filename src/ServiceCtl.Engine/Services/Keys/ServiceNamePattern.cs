using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What a service's name looks like, in configurations, too: names of other services end up in units and scripts.</summary>
internal static partial class ServiceNamePattern
{
    public const int MaxLength = 64;

    public static Regex Whole { get; } = Valid();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Valid();
}
