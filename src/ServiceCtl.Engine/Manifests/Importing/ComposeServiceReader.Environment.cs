using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>Variables of a service: its own, and those of its files.</summary>
internal sealed partial class ComposeServiceReader
{
    private void ReadEnvFiles(ConfigEntry entry)
    {
        IEnumerable<(string Path, Origin Origin, bool IsRequired)> files = entry.Value is ConfigSequence list
            ? list.Items.SelectMany(item => item is ConfigMapping mapping
                ? mapping.Entry("path") is { } path && _values.Text(path) is { } text
                    ? [(text, item.Origin, mapping.Find("required")?.ToString() != "false")] : []
                : _values.Texts(new ConfigEntry(entry.Key, item.Origin, item)).Select(each => (each.Text, each.Origin, true)))
            : _values.Texts(entry).Select(each => (each.Text, each.Origin, true));
        foreach (var (written, origin, isRequired) in files.ToArray())
        {
            var path = _project.PathOf(written);
            if (File.Exists(path))
            {
                foreach (var (name, value) in EnvFileText.Read(ComposeImport.Decode(path).Text))
                    _service.Environment[name] = value;
            }
            else if (isRequired)
            {
                _problems.Add(origin, entry.Key, $"There is no file {path}.", "Make it, or take it out of `env_file`.");
            }
        }
    }

    private void ReadEnvironment(ConfigEntry entry)
    {
        if (entry.Value is ConfigMapping mapping)
        {
            foreach (var variable in mapping.Entries)
                SetVariable(variable.Key, variable.Value.IsNull ? null : _values.Text(variable), variable.KeyOrigin);
            return;
        }

        foreach (var (text, origin) in _values.Texts(entry))
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            SetVariable(equals < 0 ? text : text[..equals], equals < 0 ? null : text[(equals + 1)..], origin);
        }
    }

    private void SetVariable(string name, string? value, Origin origin)
    {
        if ((value ?? _project.Variables.Find(name)) is { } found)
            _service.Environment[name] = found;
        else
            _warnings.Add(origin, "environment", $"{name} of {_service.Name} is passed on from whoever starts it, and is not set here: "
                + "it is not carried over.", $"Write it into `service.environment.{name}`.");
    }
}
