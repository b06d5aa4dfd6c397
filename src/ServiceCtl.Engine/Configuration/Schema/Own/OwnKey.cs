namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>A key of a service's own: checked, shown and documented here, used by the service.</summary>
internal sealed class OwnKey : SchemaKey
{
    public OwnKey(string path, ConfigType type, string description)
        : base(path, type, description)
    {
    }
}
