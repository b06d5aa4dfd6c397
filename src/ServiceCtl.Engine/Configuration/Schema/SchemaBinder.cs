using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>Reads a composed configuration by its schema: every known key converted, every fault told.</summary>
internal sealed class SchemaBinder
{
    private readonly ConfigurationSchema _schema;
    private readonly string _baseFolder;
    private readonly ProblemList _problems;
    private readonly ProblemList _warnings;
    private readonly Dictionary<string, BoundValue> _bound = new(StringComparer.Ordinal);

    private SchemaBinder(ConfigurationSchema schema, string baseFolder, ProblemList problems, ProblemList warnings)
    {
        _schema = schema;
        _baseFolder = baseFolder;
        _problems = problems;
        _warnings = warnings;
    }

    /// <param name="root">The composed configuration.</param>
    /// <param name="schema">What may be in it.</param>
    /// <param name="baseFolder">Where relative paths start whose source has no folder.</param>
    /// <param name="isComplete">False when a source could not be read whole, so that what is missing may be there.</param>
    /// <param name="problems">Hears what is wrong.</param>
    /// <param name="warnings">Hears what is only suspicious.</param>
    public static IReadOnlyDictionary<string, BoundValue> Bind(
        ConfigMapping root, ConfigurationSchema schema, string baseFolder, bool isComplete, ProblemList problems, ProblemList warnings)
    {
        var binder = new SchemaBinder(schema, baseFolder, problems, warnings);
        binder.ReadSection(root, schema.Root);
        binder.Complete(root, isComplete);
        return binder._bound;
    }

    private void ReadSection(ConfigMapping mapping, SchemaNode section)
    {
        foreach (var entry in mapping.Entries)
        {
            var node = section.Child(entry.Key);
            if (node is null)
                ReportUnknown(entry, section);
            else if (node.Key is { } key)
                ReadKey(entry, key);
            else if (entry.Value is ConfigMapping inner)
                ReadInner(entry, inner, node);
            else if (!entry.Value.IsNull)
                _problems.Add(entry.Value.Origin, node.Path, $"`{node.Path}` is a section, and this is {entry.Value.Description}.",
                    Keys(node));
        }
    }

    private void ReadInner(ConfigEntry entry, ConfigMapping inner, SchemaNode node)
    {
        if (node.Section is { IsUnavailable: true } && inner.Entries.Count > 0)
            ReportUnavailable(entry.KeyOrigin, node.Path, $"`{node.Path}` is");
        ReadSection(inner, node);
    }

    private void ReadKey(ConfigEntry entry, SchemaKey key)
    {
        if (entry.Value.IsNull)
            return;
        if (key.IsUnavailable && entry.Value is not ConfigSequence { Items.Count: 0 })
            ReportUnavailable(entry.KeyOrigin, key.Path, $"`{key.Path}` is");
        if (key.Deprecated is { } advice)
            _warnings.Add(entry.KeyOrigin, key.Path, $"`{key.Path}` is deprecated.", advice);
        if (key.Type.ConvertBoxed(entry.Value, ContextOf(key)) is { } value)
            _bound.Add(key.Path, new BoundValue(value, IsSet: true));
    }

    private void ReportUnavailable(Origin origin, string path, string whatIs) =>
        _warnings.Add(origin, path, $"{whatIs} not available yet: nothing is done with it.",
            "Leave it for a later version, or take it out.");

    private void ReportUnknown(ConfigEntry entry, SchemaNode section)
    {
        var path = KeyPath.Join(section.Path, entry.Key);
        if (section.IsClosed)
        {
            var near = _problems.Effort.MaySearch(section.Names.Count) ? Suggestion.For(entry.Key, section.Names) : null;
            _problems.Add(
                entry.KeyOrigin, path,
                $"Unknown key `{entry.Key}` in {(section.Path.Length == 0 ? "the configuration" : $"`{section.Path}`")}.",
                near is null ? Keys(section) : $"Did you mean `{near}`?");
        }
        else if (_problems.Effort.MaySearch(section.Names.Count) && Suggestion.ForLikelySlip(entry.Key, section.Names) is { } near)
        {
            _warnings.Add(entry.KeyOrigin, path, $"The key `{path}` means nothing to ServiceCtl and is passed over.",
                $"Did you mean `{near}`?");
        }
    }

    private void Complete(ConfigMapping root, bool isComplete)
    {
        foreach (var key in _schema.Keys)
        {
            if (_bound.ContainsKey(key.Path))
                continue;
            if (key.DefaultValue is { } value)
            {
                if (key.Type.ConvertBoxed(value, ContextOf(key)) is { } converted)
                    _bound.Add(key.Path, new BoundValue(converted, IsSet: false));
            }
            else if (key.IsRequired && isComplete && IsWanted(root, key) && root.Find(key.Path) is null or { IsNull: true })
            {
                _problems.Add(NearestOrigin(root, key.Path), key.Path, $"The key `{key.Path}` is missing.",
                    $"Write it, for example `{key.Example}`.");
            }
        }
    }

    /// <summary>Is every section above the key written, or required?</summary>
    private bool IsWanted(ConfigMapping root, SchemaKey key)
    {
        for (var section = _schema.NodeOf(key).Parent!; section.Parent is not null; section = section.Parent)
        {
            if (section.Section is not { IsRequired: true } && root.Find(section.Path) is not ConfigMapping)
                return false;
        }

        return true;
    }

    /// <summary>The place of a key, or of the innermost section that would hold it.</summary>
    internal static Origin NearestOrigin(ConfigMapping root, string path)
    {
        ConfigValue value = root;
        foreach (var segment in KeyPath.Split(path))
        {
            if (value is not ConfigMapping mapping || segment.Name is null || !mapping.TryGet(segment.Name, out var inner))
                break;
            value = inner;
        }

        return value.Origin;
    }

    private ConversionContext ContextOf(SchemaKey key) =>
        new(key.Path, key.Example, key.IsSecret || SecretPattern.IsSecretName(key.Path), _baseFolder, _problems);

    private static string Keys(SchemaNode section) => $"Its keys are {NameList.Of(section.Names.Select(name => $"`{name}`"))}.";
}
