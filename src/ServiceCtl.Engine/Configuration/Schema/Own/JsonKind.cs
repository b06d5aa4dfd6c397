using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>
/// Which of JSON Schema's types a value is. Variables and options have no types of their own: there, any text that can be read as one is
/// one.
/// </summary>
internal static class JsonKind
{
    public static bool Is(ConfigValue value, string type) => (value, type) switch
    {
        (ConfigMapping, "object") or (ConfigSequence, "array") => true,
        (ConfigScalar { Kind: ScalarKind.Null }, _) => type == "null",
        (ConfigScalar scalar, "string") => scalar.Kind == ScalarKind.Text || IsUntyped(scalar),
        (ConfigScalar scalar, "boolean") => KindOf(scalar) == ScalarKind.Boolean,
        (ConfigScalar scalar, "integer") => Number(scalar) is { } number && Math.Floor(number) == number,
        (ConfigScalar scalar, "number") => Number(scalar) is not null,
        _ => false,
    };

    /// <summary>Null when it is none.</summary>
    public static double? Number(ConfigScalar scalar) => KindOf(scalar) switch
    {
        ScalarKind.Integer when ScalarText.TryReadInteger(scalar.Text, out var number) => number,
        ScalarKind.Float => ScalarText.ReadFloat(scalar.Text),
        _ => null,
    };

    private static ScalarKind KindOf(ConfigScalar scalar) =>
        scalar.Kind == ScalarKind.Text && IsUntyped(scalar) ? ScalarText.KindOf(scalar.Text) : scalar.Kind;

    private static bool IsUntyped(ConfigScalar scalar) => scalar.Origin is { Variable: not null } or { Line: null };
}
