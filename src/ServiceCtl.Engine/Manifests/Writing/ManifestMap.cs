using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>Keys with values, in the order in which they were set.</summary>
internal sealed record ManifestMap : ManifestNode
{
    private readonly List<(string Key, ManifestNode Value)> _entries = [];

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Sets a key; null leaves it out.</summary>
    public ManifestMap Set(string key, ManifestNode? value)
    {
        if (value is not null)
            _entries.Add((key, value));
        return this;
    }

    /// <summary>Sets a key to a mapping, unless nothing is in it.</summary>
    public ManifestMap SetUnlessEmpty(string key, ManifestMap value) => Set(key, value.IsEmpty ? null : value);

    public static ManifestMap Of(IEnumerable<(string Key, ManifestNode Value)> entries)
    {
        var map = new ManifestMap();
        foreach (var (key, value) in entries)
            map.Set(key, value);
        return map;
    }

    public override void Emit(IEmitter emitter)
    {
        emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true,
            IsEmpty ? MappingStyle.Flow : MappingStyle.Block));
        foreach (var (key, value) in _entries)
        {
            ((ManifestNode)key).Emit(emitter);
            value.Emit(emitter);
        }

        emitter.Emit(new MappingEnd());
    }
}
