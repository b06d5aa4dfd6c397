using ServiceCtl.Engine.Configuration;

namespace ServiceCtl.Engine.Services;

/// <summary>The <c>uwsgi:</c> section: options in the order they were written, their values untouched.</summary>
public sealed record UwsgiSection
{
    /// <summary>The one key of the section that is ours and not uWSGI's.</summary>
    public const string ConfigFileKey = "config_file";

    /// <summary>Where the generated file is wanted; null for a place of our own.</summary>
    public string? ConfigFile { get; init; }

    public IReadOnlyList<ProgramOption> Options { get; init; } = [];

    public bool Has(params ReadOnlySpan<string> keys)
    {
        foreach (var option in Options)
        {
            if (keys.Contains(option.Name))
                return true;
        }

        return false;
    }

    /// <summary>The value of the last option with one of these keys, as uWSGI itself lets the last one win.</summary>
    public string? Last(params ReadOnlySpan<string> keys)
    {
        for (var i = Options.Count - 1; i >= 0; i--)
        {
            if (keys.Contains(Options[i].Name))
                return Options[i].Value;
        }

        return null;
    }
}
