using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services;

/// <summary>A configuration as a list of its effective values: what was written, in its order, and then the defaults.</summary>
internal sealed class SettingList
{
    private readonly ServiceConfiguration _configuration;
    private readonly SecretMask _mask;
    private readonly ConfigQuery _query;

    private SettingList(ServiceConfiguration configuration, ConfigQuery query)
    {
        _configuration = configuration;
        _query = query;
        _mask = configuration.Mask;
    }

    public static IReadOnlyList<ServiceSetting> Of(ServiceConfiguration configuration, ConfigQuery query)
    {
        var list = new SettingList(configuration, query);
        foreach (var key in query.Keys.Where(key => new NamePattern(key).IsLiteral))
            list.Require(key);
        var patterns = query.Keys.SelectMany(key => new[] { new NamePattern(key), new NamePattern(key + ".*") }).ToArray();
        return [.. list.Written().Concat(list.Defaults())
            .Where(setting => patterns.Length == 0 || patterns.Any(pattern => pattern.Matches(setting.Key)))];
    }

    /// <summary>A key that nobody wrote may be one that the schema knows.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: it is neither.</exception>
    private void Require(string key)
    {
        string[] known = [.. ConfigSetting.Of(_configuration.Check.Root).Select(setting => setting.Path),
            .. _configuration.Schema.Keys.Select(known => known.Path)];
        if (Array.Exists(known,
            path => string.Equals(path, key, StringComparison.OrdinalIgnoreCase)
                || path.StartsWith(key + ".", StringComparison.OrdinalIgnoreCase)))
            return;
        var sections = known.SelectMany(path => Enumerable.Range(0, path.Length).Where(at => path[at] == '.').Select(at => path[..at]));
        var nearest = Suggestion.For(key, known.Concat(sections).Distinct());
        throw new ServiceCtlException(
            ErrorCode.InvalidArgument, key,
            $"There is no key '{key}' in the configuration{(_query.Service is { } service ? $" of {service}" : "")}, and the schema "
                + "knows none.",
            nearest is null
                ? "Without a key all of them are listed; patterns such as 'service.*' choose some." : $"Did you mean '{nearest}'?");
    }

    private IEnumerable<ServiceSetting> Written()
    {
        foreach (var setting in ConfigSetting.Of(_configuration.Check.Root))
        {
            // A null takes a key back to its default, which is listed as such.
            if (setting.Value.IsNull && DefaultOf(_configuration.Schema.Find(setting.Path)) is not null)
                continue;
            yield return Make(setting.Path, setting.Value) with
            {
                Overridden = [.. setting.Value.Replaced.Select(lower => Make(setting.Path, lower, isOverridden: true))],
            };
        }
    }

    private IEnumerable<ServiceSetting> Defaults() => _configuration.Schema.Keys
        .Where(key => DefaultOf(key) is not null && _configuration.Check.Root.Find(key.Path) is null or { IsNull: true })
        .Select(key => Make(key.Path, DefaultOf(key)!, isDefault: true));

    private static ConfigValue? DefaultOf(SchemaKey? key) => key?.DefaultValue;

    private ServiceSetting Make(string path, ConfigValue value, bool isOverridden = false, bool isDefault = false)
    {
        var key = _configuration.Schema.Find(path);
        var isSecret = _mask.IsSecret(path);
        var shown = _query.Reveal ? value : _mask.MaskValue(path, value);
        var converted = isOverridden || key is null || !shown.HasSameContentAs(value)
            ? null : _configuration.Check.Configuration?.ValueOf(key);
        var origin = isDefault ? Origin.Default : value.Origin;
        return new ServiceSetting
        {
            Service = _query.Service,
            Key = path,
            Value = PlainValue.Of(shown, converted),
            Text = shown is ConfigScalar scalar ? scalar.Text : YamlText.Flow(shown),
            Type = key?.Type.Name,
            Source = origin.Source,
            Variable = origin.Variable,
            Line = origin.Line,
            Column = origin.Column,
            Place = origin.Place,
            IsDefault = isDefault,
            IsSecret = isSecret,
            IsOverridden = isOverridden,
        };
    }
}
