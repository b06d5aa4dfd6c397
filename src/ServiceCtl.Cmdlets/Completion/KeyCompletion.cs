using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>What both completers of keys share.</summary>
internal static class KeyCompletion
{
    /// <param name="typed">So far.</param>
    /// <param name="texts">What a key can be completed to.</param>
    public static IEnumerable<CompletionResult> Of(string typed, Func<ConfigKey, IEnumerable<string>> texts)
    {
        // An error in the middle of typing helps nobody.
        try
        {
            var pattern = typed.Trim('\'', '"').ToLowerInvariant() + "*";
            var keys = LocalHost.HasServices ? ConfigurationVerbs.Keys : [];
            return [.. keys
                .SelectMany(
                    key => texts(key).Where(text => ServiceSelection.Matches(pattern, text.ToLowerInvariant()))
                        .Select(text => ToResult(text, key)))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private static CompletionResult ToResult(string text, ConfigKey key) =>
        new(text, text, CompletionResultType.ParameterValue, $"{key.Description} Holds {key.Holds}.");
}
