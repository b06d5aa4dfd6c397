using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>What the last words of a Python program mean.</summary>
internal static class PythonWords
{
    private const string NoModule = "No module named ";

    public static string? Explain(ServiceDefinition definition, IReadOnlyList<string> lines)
    {
        if (lines.LastOrDefault(line => line.Contains(NoModule, StringComparison.Ordinal)) is { } line)
        {
            var module = line[(line.IndexOf(NoModule, StringComparison.Ordinal) + NoModule.Length)..].Trim('\'', '"', '.');
            return definition.VirtualEnvironment is { } folder
                ? $"The module {module} is not there: correct the import, or '{folder}/bin/pip install' what provides it."
                : $"The module {module} is not there: correct the import, or install what provides it; env_directory names a virtualenv.";
        }

        // A long traceback has lost its head by now.
        return lines.Any(
            text => text.Contains("Traceback (most recent call last)", StringComparison.Ordinal)
                || text.StartsWith("  File \"", StringComparison.Ordinal))
            ? "The code ended with an exception; the traceback says where."
            : null;
    }
}
