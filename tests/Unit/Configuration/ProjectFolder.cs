using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Sources;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>A project's folder with files in it, for what really reads files.</summary>
internal sealed class ProjectFolder : IDisposable
{
    public static ConfigurationSchema Open { get; } = new([], []);

    public string Path { get; } = Directory.CreateTempSubdirectory("servicectl-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public ProjectFolder With(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this;
    }

    public Task<ConfigurationCheck> CheckAsync(ConfigurationPlan plan, ConfigurationSchema? schema = null) =>
        ConfigurationReader.CheckAsync((plan with { Folder = Path }).Sources(schema ?? Open), schema ?? Open, Path, CancellationToken.None);

    /// <summary>The files that a search finds, relative to the folder.</summary>
    public IReadOnlyList<string> Find(params string[] patterns)
    {
        var problems = new ProblemList();
        var found = new FileSearch(patterns.Select(FilePattern.Parse)).Find(Path, problems, CancellationToken.None);
        Assert.Empty(problems.Sorted());
        return [.. found.Select(file => System.IO.Path.GetRelativePath(Path, file))];
    }
}
