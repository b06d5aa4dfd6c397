using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>An address to listen on; of a Unix socket, on request, with who may connect to it.</summary>
internal sealed class ListenType : ConfigType<EndpointAddress>
{
    private const string UnixKey = "unix";
    private const string ModeKey = "mode";
    private const string OwnerKey = "owner";
    private const string GroupKey = "group";

    private static readonly string[] Keys = [UnixKey, ModeKey, OwnerKey, GroupKey];

    public ListenType()
        : base(
            "address",
            "an address such as `127.0.0.1:8001`, `:8001`, `8001`, `unix:/path` or `{unix: /path, mode: \"0660\", owner: app, group: "
                + "www-data}`", "127.0.0.1:8001",
            """
            {"anyOf": [
            {"type": ["integer", "string"], "minimum": 1, "maximum": 65535, "minLength": 1},
            {"type": "object", "required": ["unix"], "additionalProperties": false, "properties": {
            "unix": {"type": "string", "minLength": 1},
            "mode": {"type": ["integer", "string"], "pattern": "^\\s*(0o)?[0-7]{1,4}\\s*$"},
            "owner": {"type": ["integer", "string"]},
            "group": {"type": ["integer", "string"]}}}]}
            """.ReplaceLineEndings(""))
    {
    }

    public override bool TryConvert(ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out EndpointAddress result)
    {
        if (value is not ConfigMapping mapping)
            return ConfigTypes.Address.TryConvert(value, context, out result);

        result = null;
        var isRight = true;
        foreach (var entry in mapping.Entries.Where(entry => !Keys.Contains(entry.Key)))
        {
            isRight = context.At(entry.Key).Refuse(
                entry.Value, $"`{context.Key}` has no key `{entry.Key}`.",
                Suggestion.For(entry.Key, Keys) is { } near
                    ? $"Did you mean `{near}`?" : $"It has {string.Join(", ", Keys.Select(key => $"`{key}`"))}.");
        }

        if (ReadText(mapping, UnixKey, context) is not { Text: var text } path)
            return context.Refuse(value, $"`{context.Key}` has no path for its Unix socket.",
                "Write `unix: /path`; a TCP address is written as `host:port`, without a mapping.");
        if (AddressText.Parse(text.StartsWith("unix:", StringComparison.Ordinal) ? text : $"unix:{text}", context.FolderOf(path),
            out var address) is { } reason)
            isRight = context.At(UnixKey).Refuse(path, $"{context.Show(path)} is not a path of a Unix socket. {reason}",
                "Write it as `/path`.");

        UnixFileMode? mode = null;
        if (ReadText(mapping, ModeKey, context) is { } permissions)
        {
            if (SocketPermissions.TryParseMode(permissions.Text, out var given))
                mode = given;
            else
                isRight = context.At(ModeKey).Refuse(permissions, $"{context.Show(permissions)} is not a mode in octal digits.",
                    "Write it as `\"0660\"`.");
        }

        result = address with
        {
            Permissions = new SocketPermissions(mode, ReadText(mapping, OwnerKey, context)?.Text,
                ReadText(mapping, GroupKey, context)?.Text)
        };
        return isRight && mapping.Entries.All(entry => entry.Value is ConfigScalar { IsNull: false });
    }

    private static ConfigScalar? ReadText(ConfigMapping mapping, string key, ConversionContext context)
    {
        var value = mapping.Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
        if (value is null or ConfigScalar { IsNull: false, Text.Length: > 0 })
            return value as ConfigScalar;
        context.At(key).Refuse(value, $"`{key}` should be text, and this is {value.Description}.", "Write one value.");
        return null;
    }
}
