using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>What a key may hold: how it is read, and how it is described to people.</summary>
public abstract class ConfigType
{
    private protected ConfigType(string name, string expectation, string example, string jsonSchema)
    {
        Name = name;
        Expectation = expectation;
        Example = example;
        JsonSchema = jsonSchema;
    }

    /// <summary>One word or two, for the reference: <c>duration</c>, <c>list of path</c>.</summary>
    public string Name { get; }

    /// <summary>With its article and range, for messages: "an integer from 1 to 65535".</summary>
    public string Expectation { get; }

    /// <summary>A right value, as it would be written in YAML.</summary>
    public string Example { get; }

    /// <summary>The same for editors and validators: a JSON Schema (draft 2020-12), as its text.</summary>
    public string JsonSchema { get; }

    /// <summary>The only values it takes, for completion; empty where they can't be listed.</summary>
    public virtual IReadOnlyList<string> AllowedValues => [];

    /// <summary>Null when it can't be read; the context has heard why.</summary>
    internal abstract object? ConvertBoxed(ConfigValue value, ConversionContext context);
}
