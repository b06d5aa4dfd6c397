using System.Text.Json.Serialization.Metadata;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Output;

/// <summary>A list to which each host answers a part, as JSON or as lines; what hosts fail by comes after it.</summary>
internal static class HostList
{
    /// <param name="answers">What the hosts say.</param>
    /// <param name="type">Of the list; null for lines.</param>
    /// <param name="linesOf">What is written of one item.</param>
    /// <param name="nothing">What is said where there is no item, and no error either.</param>
    /// <param name="isGood">Is an item no failure? None is, where this is null.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync<T>(
        IReadOnlyList<HostAnswer<IReadOnlyList<T>>> answers, JsonTypeInfo<IReadOnlyList<T>>? type, Func<T, IEnumerable<string>> linesOf,
        string nothing, Predicate<T>? isGood = null)
    {
        var items = answers.SelectMany(answer => answer.Value ?? []).ToList();
        var errors = answers.Select(answer => answer.Error).OfType<ErrorReport>().ToList();
        if (type is not null)
            await ConsoleOutput.WriteJsonAsync(items, type);
        else if (items.Count == 0 && errors.Count == 0)
            await ConsoleOutput.WriteErrorLineAsync(nothing);
        foreach (var line in type is null ? items.SelectMany(linesOf) : [])
            await ConsoleOutput.WriteLineAsync(line);
        foreach (var error in errors)
            await ConsoleOutput.WriteErrorAsync(error);
        return errors.Count == 0 && (isGood is null || items.TrueForAll(isGood)) ? ExitCodes.Success : ExitCodes.Failed;
    }
}
