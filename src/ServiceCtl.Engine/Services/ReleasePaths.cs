using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// Takes the paths of a service behind a link to the release that is launched, whether they were written from the service's folder or
/// through the link: who wrote <c>/srv/x/current/app.py</c> means that code, not what the link leads to at some later time. A path that
/// leaves the release, <c>../shared/venv</c>, starts from where the link is, as its user sees it.
/// </summary>
internal static class ReleasePaths
{
    /// <summary>The same values, as if they had been read through the link.</summary>
    public static ConfigMapping Behind(ReleasePlace place, ConfigMapping root) => (ConfigMapping)Behind(place, (ConfigValue)root);

    /// <summary>The same definition with the release's paths instead of such that go through the link.</summary>
    public static ServiceDefinition Take(ReleasePlace place, ServiceDefinition definition) =>
        Take(place, JsonSerializer.SerializeToNode(definition, DefinitionJson.Default.ServiceDefinition))
            .Deserialize(DefinitionJson.Default.ServiceDefinition)! with
        {
            ConfiguredName = definition.ConfiguredName,
            Release = place,
        };

    /// <summary>Every whole path through the link in a text; also of several, as in <c>PYTHONPATH</c>.</summary>
    internal static string Take(ReleasePlace place, string text)
    {
        StringBuilder? taken = null;
        var rest = 0;
        for (var at = text.IndexOf(place.Link, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(place.Link, at + 1, StringComparison.Ordinal))
        {
            var end = at + place.Link.Length;
            if ((at > 0 && (IsOfName(text[at - 1]) || text[at - 1] == '/')) || (end < text.Length && IsOfName(text[end])))
                continue;
            (taken ??= new StringBuilder()).Append(text, rest, at - rest).Append(place.Folder);
            rest = end;
        }

        return taken is null ? text : taken.Append(text, rest, text.Length - rest).ToString();
    }

    private static ConfigValue Behind(ReleasePlace place, ConfigValue value) => value switch
    {
        ConfigScalar scalar => new ConfigScalar(scalar.Text, scalar.Kind, Behind(place, scalar.Origin), scalar.IsQuoted),
        ConfigSequence list => new ConfigSequence([.. list.Items.Select(item => Behind(place, item))], Behind(place, list.Origin)),
        ConfigMapping mapping => new ConfigMapping(
            mapping.Entries.Select(entry => new ConfigEntry(
                entry.Key, Behind(place, entry.KeyOrigin), Behind(place, entry.Value))), Behind(place, mapping.Origin)),
        _ => value,
    };

    private static Origin Behind(ReleasePlace place, Origin origin) => origin with
    {
        Source = place.Through(origin.Source),
        Folder = origin.Folder is { } folder ? place.Through(folder) : null,
    };

    private static JsonNode? Take(ReleasePlace place, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject mapping:
                foreach (var (name, value) in mapping.ToArray())
                    Replace(value, taken => mapping[name] = taken);
                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                    Replace(list[i], taken => list[i] = taken);
                break;
        }

        return node;

        void Replace(JsonNode? value, Action<JsonNode> set)
        {
            if (value?.GetValueKind() is not JsonValueKind.String)
                Take(place, value);
            else if (value.GetValue<string>() is var text && Take(place, text) is var taken && taken != text)
                set(JsonValue.Create(taken));
        }
    }

    private static bool IsOfName(char letter) => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or '~' or '+';
}
