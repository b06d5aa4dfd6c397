using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>
/// One key: the single place that says what it is called, what it may hold and what it means. Binding, validation, completion,
/// the reference page, templates and the JSON Schema are made from it.
/// </summary>
public abstract class SchemaKey
{
    private const string ExampleKey = "key";

    private protected SchemaKey(string path, ConfigType type, string description)
    {
        Path = path;
        Type = type;
        Description = description;
    }

    /// <summary>Dotted, from the root (<see cref="KeyPath"/>).</summary>
    public string Path { get; }

    public ConfigType Type { get; }

    /// <summary>A sentence or two for the reference.</summary>
    public string Description { get; }

    /// <summary>What a bare number counts, where that is not plain from the type.</summary>
    public string? Unit { get; init; }

    /// <summary>The value when nothing is written, as it would be written in YAML; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>How the default comes about where it is not a fixed value: "`local_ip:local_port`".</summary>
    public string? DefaultNote { get; init; }

    /// <summary>Missing it is a fault, if the section that holds it is there or is required itself.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Belongs into the shortest configuration that works, though another key may stand in for it.</summary>
    public bool IsEssential { get; init; }

    /// <summary>Never shown unless somebody asks for it.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What to write instead; null while the key is current.</summary>
    public string? Deprecated { get; init; }

    /// <summary>Known, but nothing is done with it yet; told where it is written.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>Nobody here reads it, rightly: it is for the service, or for other keys to refer to.</summary>
    public bool IsPassedOver { get; init; }

    /// <summary>What a service has to do for a changed value to count.</summary>
    public ConfigChangeEffect Effect { get; init; } = ConfigChangeEffect.Restart;

    /// <summary>A right value, as it would be written in YAML.</summary>
    public string Example
    {
        get => field ?? Type.Example;
        init;
    }

    /// <summary>The default as a value, for what <see cref="Default"/> as a text would not say exactly.</summary>
    internal ConfigValue? DefaultValue
    {
        get => field ?? (Default is null ? null : YamlReader.ReadValue(Default, Origin.Default, new ProblemList()));
        init;
    }

    /// <summary>The example as a value.</summary>
    internal ConfigValue ExampleValue
    {
        get => field ?? YamlReader.ReadRoot(new SourceText(Origin.Default, $"{ExampleKey}: {Example}"), new ProblemList(),
            CancellationToken.None).Find(ExampleKey)!;
        init;
    }

    public override string ToString() => Path;
}
