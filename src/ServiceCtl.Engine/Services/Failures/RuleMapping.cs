using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>Reads a mapping key by key; what is wrong goes to the context, and <see cref="IsRight"/> is false then.</summary>
internal sealed class RuleMapping
{
    private readonly ConfigMapping _mapping;
    private readonly ConversionContext _context;

    public RuleMapping(ConfigMapping mapping, ConversionContext context, params IReadOnlyList<string> keys)
    {
        _mapping = mapping;
        _context = context;
        foreach (var entry in mapping.Entries.Where(entry => !keys.Contains(entry.Key)))
        {
            Refuse(entry.Value, $"`{context.Key}` has no key `{entry.Key}`.",
                Suggestion.For(entry.Key, [.. keys]) is { } near
                    ? $"Did you mean `{near}`?" : $"It has {string.Join(", ", keys.Select(key => $"`{key}`"))}.");
        }
    }

    public bool IsRight { get; private set; } = true;

    /// <summary>The value of a key; default where it is not written, or wrong.</summary>
    public T? Read<T>(string key, ConfigType<T> type)
        where T : class => _mapping.TryGet(key, out var value) && TryRead(key, value, type, out var read) ? read : null;

    public T? ReadValue<T>(string key, ConfigType<T> type)
        where T : struct => _mapping.TryGet(key, out var value) && TryRead(key, value, type, out var read) ? read : null;

    /// <summary>A mapping below this one.</summary>
    public RuleMapping? Below(string key, params IReadOnlyList<string> keys)
    {
        if (!_mapping.TryGet(key, out var value))
            return null;
        if (value is ConfigMapping below)
            return new RuleMapping(below, _context.At(key), keys);
        Refuse(value, $"`{key}` should be a mapping, and this is {value.Description}.",
            $"It has {string.Join(", ", keys.Select(one => $"`{one}`"))}.");
        return null;
    }

    public bool IsMapping(string key) => _mapping.TryGet(key, out var value) && value is ConfigMapping;

    public bool Has(string key) => _mapping.TryGet(key, out _);

    /// <summary>What a mapping below was wrong by is wrong here as well.</summary>
    public void Join(RuleMapping? below) => IsRight &= below?.IsRight != false;

    public void Refuse(string key, string message, string advice) =>
        Refuse(_mapping.TryGet(key, out var value) ? value : _mapping, message, advice);

    private void Refuse(ConfigValue value, string message, string advice) => IsRight &= _context.Refuse(value, message, advice);

    private bool TryRead<T>(string key, ConfigValue value, ConfigType<T> type, out T? read)
        where T : notnull
    {
        var isRead = type.TryConvert(value, _context.At(key), out var converted);
        IsRight &= isRead;
        read = converted;
        return isRead;
    }
}
