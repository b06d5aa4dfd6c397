using System.Text;
using System.Text.Json.Serialization;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services;

/// <summary>The <c>uwsgi:</c> section: options in the order they were written, their values untouched.</summary>
public sealed record UwsgiSection
{
    /// <summary>The one key of the section that is ours and not uWSGI's.</summary>
    public const string ConfigFileKey = "config_file";

    /// <summary>Stands for what a placeholder of uWSGI's is replaced by.</summary>
    internal const char Unresolved = '\0';

    /// <summary>Where the generated file is wanted; null for a place of our own.</summary>
    public string? ConfigFile { get; init; }

    public IReadOnlyList<ProgramOption> Options { get; init; } = [];

    /// <summary>Options that send uWSGI into the background, with the file that it logs to from there.</summary>
    internal static readonly string[] Daemonize = ["daemonize", "daemonize2", "d"];

    /// <summary>What the generated file is called.</summary>
    [JsonIgnore]
    public string FileName => Path.GetFileName(ConfigFile ?? "uwsgi.ini");

    /// <summary>The file that uWSGI itself logs to, if the section wants one, as it is written.</summary>
    [JsonIgnore]
    public string? LogFile => Last("logto", "logto2") ?? Last(Daemonize);

    /// <summary>
    /// The strftime pattern of the dates before uWSGI's own lines, where the section has one of its own. In values <c>%%</c> is a percent
    /// sign, and any other <c>%</c> a placeholder of uWSGI's, for which <see cref="Unresolved"/> stands here.
    /// </summary>
    [JsonIgnore]
    public string? LogDate => Last("log-date", "logdate") is { } value && !value.Equals("true", StringComparison.OrdinalIgnoreCase)
        ? Resolve(value) : null;

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

    private static string Resolve(string value)
    {
        StringBuilder text = new();
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '%' || i + 1 == value.Length)
                text.Append(value[i]);
            else if (value[++i] == '%')
                text.Append('%');
            else
                text.Append(Unresolved);
            if (value[i] == '(' && value.IndexOf(')', i) is var end and > 0 && text[^1] == Unresolved)
                i = end;
        }

        return text.ToString();
    }
}
