using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Own;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Services;

/// <summary>What a configuration that is pushed has to be.</summary>
internal static class PushedSchema
{
    /// <param name="rule">The service's own.</param>
    /// <param name="problems">Takes what is wrong with the schema.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Anything is right where there is none.</returns>
    public static async Task<ConfigurationSchema> ReadAsync(RemoteRule rule, ProblemList problems, CancellationToken cancellation)
    {
        var anything = new ConfigurationSchema([], []);
        if (rule.Schema is not { } file)
            return anything;
        var reader = SourceReaders.Of(rule.Reader);
        return (await OwnSchema.ReadAsync(file, anything, problems, new ProblemList(), cancellation, reader)).With(anything);
    }
}
