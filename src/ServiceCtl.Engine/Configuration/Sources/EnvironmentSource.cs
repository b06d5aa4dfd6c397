using ServiceCtl.Engine.Configuration.Formats.Env;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>
/// Environment variables with a prefix, mapped to keys by <see cref="VariableMapping"/>. Variables without the prefix are nobody's fault
/// and are passed over.
/// </summary>
public sealed class EnvironmentSource : IConfigurationSource
{
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly VariableMapping _mapping;
    private readonly Origin _origin;

    /// <param name="variables">All variables, as the process has them.</param>
    /// <param name="mapping">Which of them are configuration, and under which keys.</param>
    /// <param name="name">How problems name this source.</param>
    public EnvironmentSource(IReadOnlyDictionary<string, string> variables, VariableMapping mapping, string name = "environment")
    {
        _variables = variables;
        _mapping = mapping;
        _origin = new Origin(name);
    }

    public string Name => _origin.Source;

    public Task<ConfigMapping?> ReadAsync(ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        // The order of an environment is nobody's intention; by name, the result and its messages are the same each time.
        var variables = _variables.OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .Select(variable => new Variable(variable.Key, variable.Value, IsQuoted: false, _origin with { Variable = variable.Key }));
        return Task.FromResult<ConfigMapping?>(_mapping.Map(variables, _origin, problems));
    }
}
