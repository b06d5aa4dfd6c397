using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>Something that holds configuration: a file, the environment, the options of a command.</summary>
public interface IConfigurationSource
{
    /// <summary>As problems name it: a file's path, <c>environment</c>, <c>command line</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Reads it whole. What is wrong with it goes to the problems, with its place, and the values that could be read are returned;
    /// null when nothing could. What is only suspicious, or was left out on request, goes to the warnings.
    /// </summary>
    Task<ConfigMapping?> ReadAsync(ProblemList problems, ProblemList warnings, CancellationToken cancellation);
}
