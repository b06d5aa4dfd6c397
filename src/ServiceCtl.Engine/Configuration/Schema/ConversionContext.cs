using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>What a conversion needs to know of the key it reads for, and where it tells what is wrong.</summary>
public sealed class ConversionContext
{
    private readonly ProblemList _problems;
    private readonly bool _isSecret;
    private readonly string _baseFolder;

    internal ConversionContext(string key, string? example, bool isSecret, string baseFolder, ProblemList problems)
    {
        Key = key;
        Example = example;
        _isSecret = isSecret;
        _baseFolder = baseFolder;
        _problems = problems;
    }

    public string Key { get; }

    /// <summary>A right value of this very key, where there is one that says more than its type's.</summary>
    public string? Example { get; }

    public ConversionContext At(string key) =>
        new(KeyPath.Join(Key, key), null, _isSecret || SecretPattern.IsSecretName(key), _baseFolder, _problems);

    public ConversionContext At(int index) => new(KeyPath.Join(Key, index), null, _isSecret, _baseFolder, _problems);

    /// <summary>The same, telling nobody: for asking whether a value would fit.</summary>
    internal ConversionContext Silent() => new(Key, Example, _isSecret, _baseFolder, new ProblemList(_problems.Effort));

    internal CheckingEffort Effort => _problems.Effort;

    /// <summary>The folder that a relative path in this value starts from.</summary>
    public string FolderOf(ConfigValue value) => value.Origin.Folder ?? _baseFolder;

    /// <summary>The value as a message may show it: shortened, and not at all when it is a secret.</summary>
    public string Show(ConfigScalar scalar)
    {
        if (_isSecret)
            return "The value";
        var text = SecretPattern.MaskUrls(scalar.Text.ReplaceLineEndings(" "));
        return $"`{(text.Length <= 60 ? text : text[..57] + "...")}`";
    }

    /// <returns>False, for a converter to pass on.</returns>
    public bool Refuse(ConfigValue value, string message, string advice) => RefuseAt(value.Origin, message, advice);

    /// <inheritdoc cref="Refuse"/>
    public bool RefuseAt(Origin origin, string message, string advice)
    {
        _problems.Add(origin, Key, message, advice);
        return false;
    }
}
