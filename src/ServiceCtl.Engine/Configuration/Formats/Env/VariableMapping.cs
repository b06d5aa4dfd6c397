using System.Globalization;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Formats.Env;

/// <summary>
/// Which variables are configuration, and under which keys: after the prefix, <c>__</c> separates levels, so with the prefix <c>APP</c>
/// the variable <c>APP__DB__HOST</c> is <c>db.host</c>. A key is written as the schema writes it, whatever the case of the variable;
/// one that the schema doesn't know, in small letters. Values are read as those of <c>--set</c>: <c>[a, b]</c> is a list;
/// <c>APP__HOSTS__0</c>, <c>APP__HOSTS__1</c> are one as well.
/// </summary>
public sealed class VariableMapping
{
    private const string Separator = "__";

    private readonly string _prefix;
    private readonly ConfigurationSchema? _schema;

    /// <param name="prefix">Without the <c>__</c> that follows it; empty for all variables.</param>
    /// <param name="schema">Knows how keys are written; null when nobody does.</param>
    public VariableMapping(string prefix, ConfigurationSchema? schema = null)
    {
        _prefix = prefix.Length == 0 ? "" : prefix + Separator;
        _schema = schema;
    }

    /// <summary>Whether a text may hold variables with the prefix.</summary>
    internal bool IsIn(string text) => text.Contains(_prefix, StringComparison.OrdinalIgnoreCase);

    internal ConfigMapping Map(IEnumerable<Variable> variables, Origin origin, ProblemList problems)
    {
        var root = new TableBuilder(origin);
        foreach (var variable in variables.Where(IsOurs))
            Add(root, variable, problems);
        return new ConfigMapping(root.Build().Entries.Select(entry => entry with { Value = WithLists(entry.Value) }), origin);
    }

    private bool IsOurs(Variable variable) =>
        variable.Name.Length > _prefix.Length && variable.Name.StartsWith(_prefix, StringComparison.OrdinalIgnoreCase);

    private void Add(TableBuilder root, Variable variable, ProblemList problems)
    {
        var names = variable.Name[_prefix.Length..].Split(Separator);
        if (names.Contains("") || names.Length >= ConfigurationLimits.Depth)
        {
            problems.Add(
                variable.Origin, null,
                $"The variable `{variable.Name}` names no key: "
                    + $"{(names.Contains("") ? "a name between two `__` is empty" : "it has too many levels")}.",
                $"Write it as `{_prefix}SECTION{Separator}KEY`.");
            return;
        }

        var path = Spelling(names);
        try
        {
            var value = variable.IsQuoted
                ? new ConfigScalar(variable.Text, ScalarKind.Text, variable.Origin, isQuoted: true)
                : YamlReader.ReadValue(variable.Text, variable.Origin, problems);
            if (root.Add(path, variable.Origin, value) is { } taken)
            {
                problems.Add(
                    variable.Origin, path.Aggregate("", KeyPath.Join),
                    $"The variable `{variable.Name}` gives a key that is given at {taken.Place} already.",
                    "Keep one of them.");
            }
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(
                variable.Origin, path.Aggregate("", KeyPath.Join),
                $"The value of the variable `{variable.Name}` can't be understood. {fault.Message}", fault.Advice);
        }
    }

    private string[] Spelling(string[] names)
    {
        var node = _schema?.Root;
        var spelled = new string[names.Length];
        for (var index = 0; index < names.Length; index++)
        {
            var name = names[index];
            var known = node?.Names.FirstOrDefault(candidate => string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase));
            // The names in a map of text are somebody's own: those of variables, in capitals.
            spelled[index] = known ?? (node?.Key?.Type == ConfigTypes.TextMap ? name : name.ToLowerInvariant());
            node = known is null ? null : node!.Child(known);
        }

        return spelled;
    }

    /// <summary>A mapping whose keys are 0, 1, 2 and so on is a list.</summary>
    private static ConfigValue WithLists(ConfigValue value)
    {
        if (value is not ConfigMapping { Count: > 0 } mapping)
            return value;
        var items = Enumerable.Range(0, mapping.Count)
            .Select(index => mapping.Entry(index.ToString(CultureInfo.InvariantCulture))?.Value).ToList();
        return items.Contains(null)
            ? new ConfigMapping(mapping.Entries.Select(entry => entry with { Value = WithLists(entry.Value) }), mapping.Origin)
            : new ConfigSequence([.. items.Select(item => WithLists(item!))], mapping.Origin);
    }
}
