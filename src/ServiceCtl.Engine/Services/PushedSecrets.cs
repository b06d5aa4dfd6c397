using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Services;

/// <summary>The secrets of a configuration that was pushed, so that they can be taken out of what is shown.</summary>
internal static class PushedSecrets
{
    /// <returns>None where nothing was pushed yet, or what is there can't be read: that is reported where it is to be used.</returns>
    public static async Task<IReadOnlyList<string>> ReadAsync(RemoteRule rule, CancellationToken cancellation)
    {
        if (!File.Exists(rule.File))
            return [];
        try
        {
            var problems = new ProblemList();
            var schema = await PushedSchema.ReadAsync(rule, problems, cancellation);
            var pushed = await SourceFile.ReadAsync(rule.File, cancellation, reader: SourceReaders.Of(rule.Reader));
            return SecretMask.For(ConfigurationFormat.Json.Read(pushed, problems, cancellation), schema).Known;
        }
        catch (Exception error) when (error is MalformedSourceException or ServiceCtlException)
        {
            return [];
        }
    }
}
