namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>Values as types of .NET's own, so that they can leave the engine.</summary>
internal static class PlainValue
{
    /// <summary>Null, bool, long, double, text; a list as an array; a mapping as a dictionary in its order.</summary>
    public static object? Of(ConfigValue value) => value switch
    {
        ConfigMapping mapping =>
            new OrderedDictionary<string, object?>(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value)))),
        ConfigSequence sequence => sequence.Items.Select(item => Of(item)).ToArray(),
        ConfigScalar { Kind: ScalarKind.Null } => null,
        ConfigScalar { Kind: ScalarKind.Boolean } scalar => scalar.Text.ToLowerInvariant() is "true" or "yes" or "on",
        ConfigScalar { Kind: ScalarKind.Integer } scalar when ScalarText.TryReadInteger(scalar.Text, out var number) => number,
        ConfigScalar { Kind: ScalarKind.Float } scalar => ScalarText.ReadFloat(scalar.Text),
        var scalar => ((ConfigScalar)scalar).Text,
    };

    /// <summary>
    /// What the schema makes of it, where that is a type of .NET's own (a duration, a size in bytes, an absolute path); else as it is
    /// written.
    /// </summary>
    public static object? Of(ConfigValue written, object? converted) => converted switch
    {
        string or bool or int or long or double or TimeSpan => converted,
        IReadOnlyList<string> texts => texts.ToArray(),
        _ => Of(written),
    };
}
