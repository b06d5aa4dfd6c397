using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>Gathers what a service's own schema describes, and tells what it can't have.</summary>
internal sealed class OwnSchemaBuilder
{
    private readonly ConfigurationSchema _known;
    private readonly ProblemList _problems;
    private readonly ProblemList _warnings;
    private readonly OrderedDictionary<string, SchemaSection> _sections = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, SchemaKey> _keys = new(StringComparer.Ordinal);

    public OwnSchemaBuilder(ConfigurationSchema known, ProblemList problems, ProblemList warnings)
    {
        _known = known;
        _problems = problems;
        _warnings = warnings;
    }

    public ProblemList Problems => _problems;

    /// <returns>False when the key can't be described here, which is reported.</returns>
    public bool Add(SchemaKey key, Origin origin)
    {
        if (IsTaken(key.Path, origin))
            return false;
        if (_keys.ContainsKey(key.Path) || _sections.ContainsKey(key.Path))
        {
            _problems.Add(origin, key.Path, $"`{key.Path}` is described twice, or is a key and a section.", "Keep one of them.");
            return false;
        }

        _keys.Add(key.Path, key);
        return true;
    }

    /// <inheritdoc cref="Add(SchemaKey, Origin)"/>
    public bool Add(SchemaSection section, Origin origin)
    {
        if (section.Path.Length > 0 && IsTaken(section.Path, origin))
            return false;
        // A section of ours that is open may get keys of theirs.
        if (section.Path.Length > 0 && _known.Sections.Any(known => known.Path == section.Path))
            return true;
        if (_keys.ContainsKey(section.Path))
        {
            _problems.Add(origin, section.Path, $"`{section.Path}` is a key and a section.", "Keep one of them.");
            return false;
        }

        _sections[section.Path] = section;
        return true;
    }

    public bool Has(string section) => _sections.ContainsKey(section);

    /// <summary>Makes a section required that was added before.</summary>
    public void Require(string path)
    {
        if (_sections.TryGetValue(path, out var section))
            _sections[path] = section with { IsRequired = true };
    }

    public void ReportUnsupported(Origin origin, string keyword, string advice) =>
        _warnings.Add(origin, keyword, $"`{keyword}` is not understood here and is passed over: what it asks for is not checked.", advice);

    public OwnSchema Build() => new() { Sections = [.. _sections.Values], Keys = [.. _keys.Values] };

    /// <summary>Does somebody else's description count for this path?</summary>
    private bool IsTaken(string path, Origin origin)
    {
        var owner = "";
        var node = _known.Root;
        foreach (var segment in KeyPath.Split(path))
        {
            if (node.Child(segment.Name!) is not { } child)
            {
                if (!node.IsClosed)
                    return false;
                owner = node.Path;
                break;
            }

            node = child;
            owner = node.Path;
            if (node.Key is { } key)
                return key.Type != ConfigTypes.Anything && Report();
        }

        return node.IsClosed && Report();

        bool Report()
        {
            _warnings.Add(origin, path, $"`{path}` is described by ServiceCtl (`{owner}`); what this schema says about it is passed over.",
                "Take it out.");
            return true;
        }
    }
}
