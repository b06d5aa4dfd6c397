using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>Makes a <see cref="ProbeRule"/> of its keys, and sees that they can be meant.</summary>
internal static partial class ProbeRules
{
    /// <param name="configuration">The service's.</param>
    /// <param name="keys">Of which section.</param>
    /// <param name="target">The page; null where nothing is asked.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public static ProbeRule Of(ResolvedConfiguration configuration, ProbeKeys keys, string? target)
    {
        if (!keys.All.Any(configuration.IsSet))
            return ProbeRule.Usual;
        var problems = Faults(configuration, keys, target).ToArray();
        if (problems.Length > 0)
            throw ConfigurationReader.Invalid(problems);
        return new ProbeRule
        {
            Method = configuration.GetOrNull(keys.Method),
            Headers = configuration.GetOrNull(keys.Headers),
            Statuses = configuration.GetOrNull(keys.Status),
            Verify = configuration.Get(keys.Verify),
            CaFile = configuration.GetOrNull(keys.Ca),
            Redirects = configuration.Get(keys.Redirects),
        };
    }

    /// <summary>Sees that a page that was asked for has somebody to answer.</summary>
    /// <param name="configuration">The service's.</param>
    /// <param name="listens">Has the service an address that is known here?</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public static void RequireAddress(ResolvedConfiguration configuration, bool listens)
    {
        if (listens)
            return;
        var problems = new[] { ReadinessKeys.Page, HealthKeys.Page }
            .Where(keys => configuration.IsSet(keys.Http)
                // A page that may not be there at all needs nobody: those of the wrapper kit's projects.
                ? configuration.Get(keys.Http).StartsWith('/')
                    && !(keys == ReadinessKeys.Page && configuration.Find(ReadinessKeys.AtLatest.Path) is not null)
                : keys == HealthKeys.Page && configuration.Find("service.health") is not null)
            .Select(keys => configuration.Problem(
                keys.Http, $"`{keys.Http.Path}` has nobody to ask: it is a path, and the service has no address.",
                "Set service.listen, or write a whole URL."))
            .ToArray();
        if (problems.Length > 0)
            throw ConfigurationReader.Invalid(problems);
    }

    private static IEnumerable<ConfigurationProblem> Faults(ResolvedConfiguration configuration, ProbeKeys keys, string? target)
    {
        if (target is null)
        {
            var key = keys.All.First(configuration.IsSet);
            yield return configuration.Problem(key, $"`{key.Path}` counts for nothing: no page is asked for.",
                $"Set {keys.Http.Path}, or take it away.");
        }

        if (configuration.GetOrNull(keys.Ca) is { } file)
        {
            if (!configuration.Get(keys.Verify))
                yield return configuration.Problem(keys.Ca, $"`{keys.Ca.Path}` counts for nothing: `{keys.Verify.Path}` is false.",
                    "Take one of them away.");
            if (!File.Exists(configuration.WhereIs(file)))
                yield return configuration.Problem(keys.Ca, $"The file {file} does not exist.", "Correct the path.");
        }

        foreach (var (name, value) in configuration.GetOrNull(keys.Headers) ?? new Dictionary<string, string>())
        {
            if (!Token().IsMatch(name) || value.AsSpan().ContainsAny('\r', '\n', '\0'))
                yield return configuration.Problem(keys.Headers,
                    $"`{name}` can't be a header: its name, or a line break in its value, is not HTTP's.",
                    "Write it as `{Host: www.example.com}`.");
        }
    }

    // token of RFC 9110, 5.6.2
    [GeneratedRegex(@"^[!#$%&'*+.^_`|~0-9A-Za-z-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
