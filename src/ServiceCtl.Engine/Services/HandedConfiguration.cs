using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// The composed configuration as a service gets it: one JSON file in its run folder, for it alone, whose path is in its environment. So
/// sources, their order, <c>!join</c>, types and defaults are decided in one place, whatever language the service is written in.
/// </summary>
internal sealed class HandedConfiguration
{
    /// <summary>The file's path, in the environment of the service.</summary>
    public const string Variable = "SERVICECTL_CONFIG";

    private const string FileName = "configuration.json";

    private const int TokenBytes = 16;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JsonText.Options.Encoder };

    private readonly byte[] _config;
    private readonly string[] _secrets;

    private HandedConfiguration(byte[] config, string[] secrets)
    {
        _config = config;
        _secrets = secrets;
    }

    public static string FileIn(string runFolder) => Path.Combine(runFolder, FileName);

    /// <summary>
    /// Values as they are written; those of the service's own keys as its schema reads them, with their defaults.
    /// </summary>
    public static HandedConfiguration Of(ResolvedConfiguration configuration)
    {
        var own = new OwnValues(configuration);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
            own.Write(writer);
        var mask = SecretMask.For(configuration.Schema);
        return new HandedConfiguration(
            buffer.WrittenSpan.ToArray(),
            [.. ConfigSetting.Of(configuration.Root).Select(setting => setting.Path).Where(mask.IsSecret)]);
    }

    /// <summary>The file's content for one launch.</summary>
    /// <param name="definition">What is launched.</param>
    /// <param name="generation">Its number.</param>
    /// <param name="instance">Its index.</param>
    public byte[] For(ServiceDefinition definition, int generation, int instance)
    {
        var buffer = new ArrayBufferWriter<byte>(_config.Length + 512);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            writer.WriteStartObject();
            writer.WriteString("service", definition.Name);
            writer.WriteNumber("generation", generation);
            writer.WriteNumber("instance", instance);
            writer.WriteString("folder", definition.Folder);
            writer.WriteString("source", definition.ConfigPath);
            // By which the service knows the agent where it asks for what is not for everybody.
            writer.WriteString("token", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes)));
            writer.WriteStartArray("secrets");
            foreach (var path in _secrets)
                writer.WriteStringValue(path);
            writer.WriteEndArray();
            writer.WritePropertyName("config");
            writer.WriteRawValue(_config, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The token of a file's content; null where there is none.</summary>
    public static string? TokenIn(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.TryGetProperty("token", out var token) ? token.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The written values, in which those of the service's own keys are replaced and added.</summary>
    private sealed class OwnValues
    {
        private readonly ConfigMapping _root;
        private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

        /// <summary>By the path of a mapping, the names in it that only defaults have, with their paths.</summary>
        private readonly Dictionary<string, List<(string Name, string Path)>> _defaults = new(StringComparer.Ordinal);

        public OwnValues(ResolvedConfiguration configuration)
        {
            _root = configuration.Root;
            foreach (var key in configuration.Schema.Keys.Where(key => ServiceSchema.Schema.Find(key.Path) is null))
            {
                var value = configuration.ValueOf(key);
                // What is of a type of ours is as it is written.
                if (value is not (string or bool or int or long or double or TimeSpan or IReadOnlyList<string>))
                    value = value is null || configuration.IsSet(key) ? null : key.DefaultValue;
                if (value is null)
                    continue;
                _values[key.Path] = value;
                AddDefault(KeyPath.Split(key.Path));
            }
        }

        public void Write(Utf8JsonWriter writer) => Write(writer, _root, "");

        /// <summary>A key with an index belongs to items of a list, which have no defaults.</summary>
        private void AddDefault(IReadOnlyList<KeySegment> segments)
        {
            if (segments.Any(segment => segment.Name is null))
                return;
            ConfigMapping? mapping = _root;
            var path = "";
            foreach (var name in segments.Select(segment => segment.Name!))
            {
                var above = path;
                path = KeyPath.Join(path, name);
                ConfigValue? value = null;
                var isThere = mapping?.TryGet(name, out value) == true;
                mapping = value as ConfigMapping;
                if (isThere)
                    continue;
                if (!_defaults.TryGetValue(above, out var names))
                    _defaults.Add(above, names = []);
                if (!names.Contains((name, path)))
                    names.Add((name, path));
            }
        }

        private void Write(Utf8JsonWriter writer, ConfigMapping? mapping, string path)
        {
            writer.WriteStartObject();
            foreach (var entry in mapping?.Entries ?? [])
            {
                var below = KeyPath.Join(path, entry.Key);
                writer.WritePropertyName(entry.Key);
                if (_values.TryGetValue(below, out var value))
                    WritePlain(writer, value);
                else if (entry.Value is ConfigMapping inner)
                    Write(writer, inner, below);
                else
                    JsonValueWriter.Write(writer, entry.Value);
            }

            foreach (var (name, below) in _defaults.GetValueOrDefault(path) ?? [])
            {
                writer.WritePropertyName(name);
                if (_values.TryGetValue(below, out var value))
                    WritePlain(writer, value);
                else
                    Write(writer, null, below);
            }

            writer.WriteEndObject();
        }

        private static void WritePlain(Utf8JsonWriter writer, object value)
        {
            switch (value)
            {
                case bool flag:
                    writer.WriteBooleanValue(flag);
                    break;
                case int number:
                    writer.WriteNumberValue(number);
                    break;
                case long number:
                    writer.WriteNumberValue(number);
                    break;
                case double number when double.IsFinite(number):
                    writer.WriteNumberValue(number);
                    break;
                // In seconds, as `servicectl config --json` shows them.
                case TimeSpan time:
                    writer.WriteNumberValue(time.TotalSeconds);
                    break;
                case IReadOnlyList<string> texts:
                    writer.WriteStartArray();
                    foreach (var text in texts)
                        writer.WriteStringValue(text);
                    writer.WriteEndArray();
                    break;
                case string text:
                    writer.WriteStringValue(text);
                    break;
                case ConfigValue raw:
                    JsonValueWriter.Write(writer, raw);
                    break;
                default:
                    writer.WriteNullValue();
                    break;
            }
        }
    }
}
