using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Health;

/// <summary>Figures in Prometheus' text format. https://prometheus.io/docs/instrumenting/exposition_formats/</summary>
internal sealed partial class PrometheusText
{
    /// <summary>What a service may answer with, and no more.</summary>
    public const int LongestForeign = 4 << 20;

    private readonly StringBuilder _text = new();
    private readonly string _labels;

    /// <param name="service">The label that all figures have.</param>
    public PrometheusText(string service)
    {
        _labels = $"service=\"{Escape(service)}\"";
    }

    public void Add(string name, string type, string help, double? value) => Add(name, type, help, [("", value)]);

    /// <param name="name">The metric.</param>
    /// <param name="type">gauge or counter.</param>
    /// <param name="help">A sentence.</param>
    /// <param name="values">Further labels, and the value; those without one are left out.</param>
    public void Add(string name, string type, string help, IEnumerable<(string Labels, double? Value)> values)
    {
        var begun = false;
        foreach (var (labels, value) in values)
        {
            if (value is not { } number)
                continue;
            if (!begun)
                _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
            begun = true;
            _text.Append(CultureInfo.InvariantCulture, $"{name}{{{_labels}{(labels.Length == 0 ? "" : "," + labels)}}} {number}\n");
        }
    }

    /// <summary>
    /// Takes over what a service tells of itself, each metric with a prefix. Lines that are none of the format are left out.
    /// </summary>
    public void AddForeign(string text, string prefix)
    {
        foreach (var line in text.Split('\n'))
        {
            var trimmed = line.TrimEnd('\r');
            if (About().Match(trimmed) is { Success: true } about)
                _text.Append(CultureInfo.InvariantCulture, $"# {about.Groups[1].Value} {prefix}{about.Groups[2].Value}\n");
            else if (Sample().IsMatch(trimmed))
                _text.Append(prefix).Append(trimmed.TrimStart()).Append('\n');
        }
    }

    /// <summary>A label, with what its value needs escaped.</summary>
    public static string Label(string name, string value) => $"{name}=\"{Escape(value)}\"";

    public override string ToString() => _text.ToString();

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    [GeneratedRegex("""^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*( .*)?)$""", RegexOptions.CultureInvariant)]
    private static partial Regex About();

    [GeneratedRegex("""^\s*[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})?\s+([+-]?([0-9.]+([eE][+-]?[0-9]+)?|[iI]nf)|[nN]a[nN])(\s+-?[0-9]+)?\s*$""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Sample();
}
