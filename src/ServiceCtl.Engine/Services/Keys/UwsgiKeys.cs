using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>uWSGI's own section.</summary>
public static class UwsgiKeys
{
    internal static KeyList All { get; } = new();

    public static SchemaKey<IReadOnlyList<ProgramOption>> Options { get; } = All.Add(new SchemaKey<IReadOnlyList<ProgramOption>>(
        "uwsgi", ConfigTypes.Options,
        "uWSGI's own options, written out exactly as given; a list repeats its key. `config_file` names the generated file."));
}
