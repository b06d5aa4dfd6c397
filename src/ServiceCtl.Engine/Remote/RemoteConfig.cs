using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Remote;

/// <summary>A pushed configuration as the service gets it: what was pushed with the override over it, right by its schema.</summary>
internal sealed class RemoteConfig
{
    private readonly ConfigurationSchema _schema;

    private RemoteConfig(ConfigMapping root, ConfigurationSchema schema)
    {
        Root = root;
        _schema = schema;
        Text = ConfigJson.Write(root);
    }

    public ConfigMapping Root { get; }

    /// <summary>What is written, and read by the service.</summary>
    public string Text { get; }

    /// <summary>Reads what somebody pushed.</summary>
    /// <param name="rule">The service's own.</param>
    /// <param name="request">The text.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>, with every fault; its schema may be wrong as
    /// well.</exception>
    public static Task<RemoteConfig> ReadAsync(RemoteRule rule, ConfigPushRequest request, CancellationToken cancellation) =>
        ReadAsync(rule, problems => FormatOf(request.Format).Read(new SourceText(request.Source, request.Text), problems, cancellation),
            cancellation);

    /// <summary>Reads what is written already; null when it is not there, or no JSON.</summary>
    public static async Task<RemoteConfig?> TryReadWrittenAsync(RemoteRule rule, string? text, CancellationToken cancellation)
    {
        if (text is null)
            return null;
        try
        {
            return await ReadAsync(rule with { Override = null, Schema = null },
                new ConfigPushRequest { Service = "", Text = text, Source = rule.File }, cancellation);
        }
        catch (ServiceCtlException)
        {
            return null;
        }
    }

    public bool IsSameAs(RemoteConfig? other) => other is not null && Root.HasSameContentAs(other.Root);

    /// <summary>What this one changes, by key; secrets masked.</summary>
    public IReadOnlyList<ConfigDifference> DifferencesFrom(RemoteConfig? former)
    {
        var before = Shown(former);
        var after = Shown(this);
        return [.. Changes(former).Select(change => new ConfigDifference
        {
            Key = change.Key,
            Before = before.GetValueOrDefault(change.Key),
            After = after.GetValueOrDefault(change.Key),
        })];
    }

    /// <summary>
    /// Does the service have to be restarted for this one to count? Not if all that differs are keys that say so (<c>effect: none</c>).
    /// </summary>
    public bool NeedsRestartAfter(RemoteConfig? former) =>
        former is null || Changes(former).Any(change => change.Effect != ConfigChangeEffect.None);

    private IReadOnlyList<ConfigChange> Changes(RemoteConfig? former) =>
        ConfigurationChanges.Between(former?.Root ?? ConfigMapping.Empty(Origin.Default), Root, _schema);

    private Dictionary<string, string?> Shown(RemoteConfig? config) =>
        config is null ? [] : ConfigSetting.Of(SecretMask.For(config.Root, _schema).MaskTree(config.Root)).ToDictionary(
            setting => setting.Path,
            setting => setting.Value is ConfigScalar { Kind: ScalarKind.Null } ? "null" : setting.Value.ToString(), StringComparer.Ordinal);

    private static async Task<RemoteConfig> ReadAsync(
        RemoteRule rule, Func<ProblemList, ConfigMapping> read, CancellationToken cancellation)
    {
        var problems = new ProblemList();
        try
        {
            var schema = await PushedSchema.ReadAsync(rule, problems, cancellation);
            var pushed = read(problems);
            var root = rule.Override is { } over
                ? ConfigurationComposer.Compose(
                    [pushed, JsonReader.ReadRoot(new SourceText("remoteConfigOverride", over), problems, cancellation)])
                : pushed;
            SchemaBinder.Bind(root, schema, Path.GetDirectoryName(rule.File)!, isComplete: problems.Count == 0, problems,
                new ProblemList());
            if (problems.Count == 0)
                return new RemoteConfig(root, schema);
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(fault.Origin, null, fault.Message, fault.Advice);
        }

        throw ConfigurationReader.Invalid(problems.Sorted());
    }

    private static ConfigurationFormat FormatOf(ConfigFormat format) => format switch
    {
        ConfigFormat.Yaml => ConfigurationFormat.Yaml,
        ConfigFormat.Toml => ConfigurationFormat.Toml,
        ConfigFormat.Ini => ConfigurationFormat.Ini,
        ConfigFormat.Env => ConfigurationFormat.Env,
        _ => ConfigurationFormat.Json,
    };
}
