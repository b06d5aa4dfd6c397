using System.Buffers;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Composition;

/// <summary>Takes secrets out of what is shown. The one place where it is decided what a secret is.</summary>
/// <remarks>
/// A secret is what the schema marks as one, what has a telling name at any level of its path, and the credentials in a URL.
/// </remarks>
public sealed class SecretMask
{
    /// <summary>Shorter values would take half of every text with them.</summary>
    private const int ShortestKnown = 4;

    /// <summary>
    /// Within other values a shorter one counts only as a word: with the password <c>test</c>, <c>test-api</c> has a secret in it, and
    /// <c>latest</c> has none.
    /// </summary>
    private const int ShortestPart = 8;

    /// <summary>More than any honest configuration has; beyond it secrets are known as they are, and in no other form.</summary>
    private const int MostWithForms = 1000;

    private readonly ConfigurationSchema? _schema;
    private readonly Lazy<(string[] Forms, SearchValues<string> Any)> _sought;

    private SecretMask(ConfigurationSchema? schema, IReadOnlyList<string> known)
    {
        _schema = schema;
        // The longest first, so that a secret that begins like another one goes whole.
        Known = [.. known.OrderByDescending(secret => secret.Length)];
        _sought = new(Sought);
    }

    /// <summary>The secrets themselves, the longest first.</summary>
    public IReadOnlyList<string> Known { get; }

    /// <summary>Knows the names only.</summary>
    public static SecretMask For(ConfigurationSchema schema) => new(schema, []);

    /// <summary>Knows the secrets themselves as well, so that <see cref="MaskText"/> finds them in logs and messages.</summary>
    public static SecretMask For(ResolvedConfiguration configuration) => For(configuration.Root, configuration.Schema);

    /// <inheritdoc cref="For(ResolvedConfiguration)"/>
    public static SecretMask For(ConfigMapping root, ConfigurationSchema schema)
    {
        var byName = For(schema);
        var known = new HashSet<string>(StringComparer.Ordinal);
        byName.Collect(root, "", isSecret: false, known);
        return new SecretMask(schema, [.. known]);
    }

    /// <summary>Knows these secrets, and names by their pattern.</summary>
    public static SecretMask Of(IReadOnlyList<string> known) => new(schema: null, known);

    /// <param name="path">Dotted, from the root.</param>
    public bool IsSecret(string path) => _schema?.Find(path) is { IsSecret: true } || SecretPattern.IsSecretName(path);

    /// <summary>As <see cref="IsSecret"/>, for a key whose section is not known.</summary>
    public bool IsSecretKeyName(string name) =>
        SecretPattern.IsSecretName(name)
            || (_schema?.Keys.Any(
                key => key.IsSecret && string.Equals(key.Path[(key.Path.LastIndexOf('.') + 1)..], name, StringComparison.OrdinalIgnoreCase))
                ?? false);

    /// <summary>The same tree, with masks where secrets were.</summary>
    public ConfigMapping MaskTree(ConfigMapping root) => (ConfigMapping)MaskValue(root, "", isSecret: false);

    /// <summary>A log line or message without the secrets that are known and without credentials in URLs.</summary>
    public string MaskText(string text) =>
        SecretPattern.MaskUrls(Replace(text, static (masked, form) => masked.Replace(form, SecretPattern.Mask, StringComparison.Ordinal)));

    /// <summary>Would this text tell a secret?</summary>
    public bool Hides(string text) => MaskText(text) != text;

    /// <summary>Is a variable a secret, by its name or by what is in it?</summary>
    public bool Hides(string name, string value) => SecretPattern.IsSecretName(name) || Hides(value);

    /// <summary>A value and all it replaced, with masks where secrets were.</summary>
    /// <param name="path">Dotted, from the root: what is below a secret is one as well.</param>
    /// <param name="value">As it was read.</param>
    public ConfigValue MaskValue(string path, ConfigValue value)
    {
        var segments = KeyPath.Split(path);
        var prefix = "";
        var isSecret = false;
        foreach (var name in segments.Select(segment => segment.Name).OfType<string>())
            isSecret |= IsSecret(prefix = KeyPath.Join(prefix, name));
        return MaskValue(value, path, isSecret);
    }

    private ConfigValue MaskValue(ConfigValue value, string path, bool isSecret)
    {
        var masked = MaskOne(value, path, isSecret);
        return value.Overrode is { } overrode ? masked.Replacing(MaskValue(overrode, path, isSecret)) : masked;
    }

    private ConfigValue MaskOne(ConfigValue value, string path, bool isSecret) => value switch
    {
        ConfigMapping mapping => new ConfigMapping(
            mapping.Entries.Select(entry =>
            {
                var below = KeyPath.Join(path, entry.Key);
                return entry with { Value = MaskValue(entry.Value, below, isSecret || IsSecret(below)) };
            }),
            mapping.Origin),
        ConfigSequence sequence => new ConfigSequence([.. sequence.Items.Select(item => MaskValue(item, path, isSecret))], sequence.Origin),
        ConfigScalar { Kind: ScalarKind.Null } scalar => new ConfigScalar(scalar.Text, scalar.Kind, scalar.Origin, scalar.IsQuoted),
        ConfigScalar scalar when isSecret => new ConfigScalar(SecretPattern.Mask, ScalarKind.Text, scalar.Origin),
        ConfigScalar { Kind: ScalarKind.Text } scalar =>
            new ConfigScalar(SecretPattern.MaskUrls(Replace(scalar.Text, ReplaceWords)), scalar.Kind, scalar.Origin, scalar.IsQuoted),
        ConfigScalar scalar when scalar.Text.Length >= ShortestPart && Known.Contains(scalar.Text) =>
            new ConfigScalar(SecretPattern.Mask, ScalarKind.Text, scalar.Origin),
        ConfigScalar scalar => new ConfigScalar(scalar.Text, scalar.Kind, scalar.Origin, scalar.IsQuoted),
        _ => value,
    };

    /// <summary>Nearly every text has none of them, which one look says.</summary>
    private string Replace(string text, Func<string, string, string> replace)
    {
        if (Known.Count == 0)
            return text;
        var (forms, any) = _sought.Value;
        return text.AsSpan().ContainsAny(any) ? forms.Aggregate(text, replace) : text;
    }

    private static string ReplaceWords(string text, string form)
    {
        for (var at = text.IndexOf(form, StringComparison.Ordinal); at >= 0; at = text.IndexOf(form, at, StringComparison.Ordinal))
        {
            var end = at + form.Length;
            var isWord = (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            if (isWord || form.Length >= ShortestPart)
                text = $"{text.AsSpan(0, at)}{SecretPattern.Mask}{text.AsSpan(end)}";
            at += isWord || form.Length >= ShortestPart ? SecretPattern.Mask.Length : 1;
        }

        return text;
    }

    private (string[] Forms, SearchValues<string> Any) Sought()
    {
        string[] forms =
        [
            .. (Known.Count > MostWithForms ? Known : Known.SelectMany(SecretForms.Of)).Where(form => form.Length >= ShortestKnown)
                .Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length),
        ];
        return (forms, SearchValues.Create(forms, StringComparison.Ordinal));
    }

    private void Collect(ConfigValue value, string path, bool isSecret, HashSet<string> known)
    {
        switch (value)
        {
            case ConfigMapping mapping:
                foreach (var entry in mapping.Entries)
                {
                    var below = KeyPath.Join(path, entry.Key);
                    Collect(entry.Value, below, isSecret || IsSecret(below), known);
                }

                break;
            case ConfigSequence sequence:
                foreach (var item in sequence.Items)
                    Collect(item, path, isSecret, known);
                break;
            case ConfigScalar { Kind: not (ScalarKind.Boolean or ScalarKind.Null) } scalar when isSecret
                && scalar.Text.Length >= ShortestKnown:
                known.Add(scalar.Text);
                break;
        }
    }
}
