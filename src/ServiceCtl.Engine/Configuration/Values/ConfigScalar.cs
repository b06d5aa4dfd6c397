namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>A single value, kept exactly as it was written: <c>0644</c> stays <c>0644</c>, <c>on</c> stays <c>on</c>.</summary>
public sealed class ConfigScalar : ConfigValue
{
    public ConfigScalar(string text, ScalarKind kind, Origin origin, bool isQuoted = false)
        : base(origin, nodeCount: 1, depth: 1)
    {
        Text = text;
        Kind = kind;
        IsQuoted = isQuoted;
    }

    private ConfigScalar(ConfigScalar other, ConfigValue overrode)
        : this(other.Text, other.Kind, other.Origin, other.IsQuoted)
    {
        Overrode = overrode;
    }

    /// <summary>The text without quotes and escapes, but otherwise as written.</summary>
    public string Text { get; }

    public ScalarKind Kind { get; }

    /// <summary>Written in quotes or as a block, so that it is text whatever it looks like.</summary>
    public bool IsQuoted { get; }

    public override string Description => Kind switch
    {
        ScalarKind.Null => "nothing",
        ScalarKind.Boolean => "a boolean",
        ScalarKind.Integer or ScalarKind.Float => "a number",
        _ => "text",
    };

    public override bool HasSameContentAs(ConfigValue other) =>
        other is ConfigScalar scalar && scalar.Kind == Kind && (Kind == ScalarKind.Null || scalar.Text == Text);

    public override string ToString() => Text;

    internal override ConfigValue Replacing(ConfigValue lower) => new ConfigScalar(this, Overrode?.Replacing(lower) ?? lower);
}
