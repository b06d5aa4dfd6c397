using CsCheck;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Formats.Env;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Own;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Templates;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>A template is read back to the same keys, in every format and with every placeholder.</summary>
public sealed class TemplateTests
{
    private const string Prefix = "APP";

    private static readonly ConfigType[] Types =
    [
        ConfigTypes.Text, ConfigTypes.Boolean, ConfigTypes.Duration, ConfigTypes.Size, ConfigTypes.Rate, ConfigTypes.FilePath,
        ConfigTypes.Pattern, ConfigTypes.Glob,
        ConfigTypes.Address, ConfigTypes.TextMap, ConfigTypes.Options, ConfigTypes.Anything, ConfigTypes.ListOf(ConfigTypes.Text),
        ConfigTypes.ListOf(ConfigTypes.Integer(1, 9)),
        ConfigTypes.Number(0, 1), ConfigTypes.Choice("on", "1e3", "plain"), ConfigTypes.Percentage,
    ];

    // Names that a variable can have as well; case folds there, so they are small.
    private static readonly Gen<string> Name = Gen.String[Gen.Char["abcxyz0129"], 1, 4].Select(text => "k" + text);

    private static readonly Gen<ConfigurationSchema> Schema = Gen.Select(
        Gen.Select(Name.Array[1, 3], Gen.Int[0, Types.Length - 1], Gen.Bool, Gen.Bool).Array[1, 12],
        keys => Build(keys.Select(key => (string.Join('.', key.Item1), Types[key.Item2], key.Item3, key.Item4))));

    public static TheoryData<ConfigFormat, ConfigPlaceholder, bool> Kinds()
    {
        var kinds = new TheoryData<ConfigFormat, ConfigPlaceholder, bool>();
        foreach (var format in Enum.GetValues<ConfigFormat>())
        {
            foreach (var placeholder in Enum.GetValues<ConfigPlaceholder>())
            {
                kinds.Add(format, placeholder, true);
                kinds.Add(format, placeholder, false);
            }
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_template_of_all_our_keys_is_read_back_to_them(ConfigFormat format, ConfigPlaceholder placeholder, bool comments) =>
        Assert.Empty(
            Differences(ServiceSchema.Schema,
                new ConfigTemplateRequest { Format = format, Placeholder = placeholder, Comments = comments, Prefix = Prefix }));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_template_of_any_schema_is_read_back_to_its_keys(ConfigFormat format, ConfigPlaceholder placeholder, bool comments) =>
        Gen.Select(Schema, Gen.Bool).Sample(
        (schema, required) => !Differences(
            schema, new ConfigTemplateRequest
            {
                Format = format,
                Placeholder = placeholder,
                Comments = comments,
                RequiredOnly = required,
                Prefix = Prefix
            }).Any(),
        iter: 100);

    [Theory]
    [InlineData(ConfigFormat.Yaml)]
    [InlineData(ConfigFormat.Json)]
    [InlineData(ConfigFormat.Toml)]
    [InlineData(ConfigFormat.Ini)]
    [InlineData(ConfigFormat.Env)]
    public void A_template_with_examples_is_right(ConfigFormat format)
    {
        var request = new ConfigTemplateRequest { Format = format, Prefix = Prefix };
        var problems = new ProblemList();
        var root = Read(ConfigurationTemplate.Write(ServiceSchema.Schema, request), format, ServiceSchema.Schema, problems);

        SchemaBinder.Bind(root, ServiceSchema.Schema, "/srv/api", isComplete: true, problems, new ProblemList());

        Assert.Empty(problems.Sorted());
    }

    [Fact]
    public void The_shortest_template_is_a_service_that_can_be_launched()
    {
        var text = ConfigurationTemplate.Write(ServiceSchema.Schema, new ConfigTemplateRequest { RequiredOnly = true, Comments = false });

        Assert.Contains("service:\n  runner: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ready", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_and_defaults_are_explained_and_no_default_of_a_secret_is_shown()
    {
        var text = ConfigurationTemplate.Write(ServiceSchema.Schema, new ConfigTemplateRequest());

        Assert.Contains("# A duration from 0 to 24 days such as `500ms`, `2s` or `1m30s`, counted in seconds. Default: 30s.", text,
            StringComparison.Ordinal);
        Assert.Contains("Secret.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void For_a_template_engine_each_value_names_its_key() => Assert.Contains(
        "timeout: '{{ service.ready.timeout }}'",
        ConfigurationTemplate.Write(ServiceSchema.Schema, new ConfigTemplateRequest { Placeholder = ConfigPlaceholder.Template }),
        StringComparison.Ordinal);

    private static bool IsAvailable(SchemaKey key) =>
        !key.IsUnavailable && !ServiceSchema.Schema.Sections
            .Any(section => section.IsUnavailable && key.Path.StartsWith($"{section.Path}.", StringComparison.Ordinal));

    private static IEnumerable<string> Differences(ConfigurationSchema schema, ConfigTemplateRequest request)
    {
        var problems = new ProblemList();
        var text = ConfigurationTemplate.Write(schema, request);
        // A file with nothing in it is empty to its reader, which is no key either.
        var root = text.Trim().Length == 0 ? ConfigMapping.Empty(Origin.Default) : Read(text, request.Format, schema, problems);
        var wanted = schema.Keys.Where(key => IsAvailable(key) && (!request.RequiredOnly || key.IsRequired || key.IsEssential))
            .ToDictionary(key => key.Path);
        foreach (var problem in problems.Sorted())
            yield return problem.ToString();
        foreach (var key in wanted.Values.Where(key => root.Find(key.Path) is null))
            yield return $"{key.Path} is missing";
        foreach (var key in schema.Keys.Where(key => !wanted.ContainsKey(key.Path) && root.Find(key.Path) is not null))
            yield return $"{key.Path} is too much";
        // Keys with their values, where the format has types.
        foreach (var key in wanted.Values
            .Where(
                _ => request is
                {
                    Placeholder: ConfigPlaceholder.Example,
                    Format: ConfigFormat.Yaml or ConfigFormat.Json or ConfigFormat.Toml
                }))
        {
            if (root.Find(key.Path) is { } value && !SameValue(value, key.ExampleValue))
                yield return $"{key.Path} is {value}, and was {key.ExampleValue}";
        }
    }

    /// <summary>Formats write a number in their own way, and TOML has no nothing.</summary>
    private static bool SameValue(ConfigValue left, ConfigValue right) =>
        left.HasSameContentAs(right) || Equals(PlainValue.Of(left) ?? "", PlainValue.Of(right) ?? "") || left is not ConfigScalar;

    private static ConfigMapping Read(string text, ConfigFormat format, ConfigurationSchema schema, ProblemList problems)
    {
        var source = new SourceText("template", text);
        return format switch
        {
            ConfigFormat.Yaml => ConfigurationFormat.Yaml.Read(source, problems, CancellationToken.None),
            ConfigFormat.Json => ConfigurationFormat.Json.Read(source, problems, CancellationToken.None),
            ConfigFormat.Toml => ConfigurationFormat.Toml.Read(source, problems, CancellationToken.None),
            ConfigFormat.Ini => ConfigurationFormat.Ini.Read(source, problems, CancellationToken.None),
            _ => new VariableMapping(Prefix, schema).Map(
                EnvReader.Read(source, new Dictionary<string, string>(), problems, CancellationToken.None), source.At(1, 1), problems),
        };
    }

    private static ConfigurationSchema Build(IEnumerable<(string Path, ConfigType Type, bool IsRequired, bool IsSecret)> keys)
    {
        // A key can't have keys below it: of two that are in each other's way, the first stays.
        var kept = new List<(string Path, ConfigType Type, bool IsRequired, bool IsSecret)>();
        foreach (var key in keys)
        {
            if (!kept.Any(
                other => other.Path == key.Path || other.Path.StartsWith(key.Path + ".", StringComparison.Ordinal)
                    || key.Path.StartsWith(other.Path + ".", StringComparison.Ordinal)))
                kept.Add(key);
        }

        return new ConfigurationSchema([],
            kept.Select(
                key => new OwnKey(key.Path, key.Type, "What it is for: \"this\", #that and 'more'.")
                {
                    IsRequired = key.IsRequired,
                    IsSecret = key.IsSecret
                }));
    }
}
