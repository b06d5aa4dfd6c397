using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>A configuration file that is only a text.</summary>
internal sealed class TextSource(string text, string name = "config.yaml") : IConfigurationSource
{
    public string Name => name;

    public Task<ConfigMapping?> ReadAsync(ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        try
        {
            return Task.FromResult<ConfigMapping?>(YamlReader.ReadRoot(new SourceText(name, text, "/srv/api"), problems, cancellation));
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(fault.Origin, null, fault.Message, fault.Advice);
            return Task.FromResult<ConfigMapping?>(null);
        }
    }

    public static ConfigMapping Read(string text)
    {
        var problems = new ProblemList();
        var root = YamlReader.ReadRoot(new SourceText("config.yaml", text, "/srv/api"), problems, CancellationToken.None);
        Assert.Empty(problems.Sorted());
        return root;
    }
}
