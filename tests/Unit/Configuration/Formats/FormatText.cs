using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration.Formats;

/// <summary>Reads a text in a format, as a file with that format's extension would be.</summary>
internal static class FormatText
{
    public static string NameOf(ConfigurationFormat format) => $"config{format.Extensions[0]}";

    public static ConfigMapping Read(ConfigurationFormat format, string text)
    {
        var problems = new ProblemList();
        var root = format.Read(new SourceText(NameOf(format), text, "/srv/api"), problems, CancellationToken.None);
        Assert.Empty(problems.Sorted());
        return root;
    }

    public static IReadOnlyList<ConfigurationProblem> ProblemsOf(ConfigurationFormat format, string text)
    {
        var problems = new ProblemList();
        try
        {
            format.Read(new SourceText(NameOf(format), text, "/srv/api"), problems, CancellationToken.None);
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(fault.Origin, null, fault.Message, fault.Advice);
        }

        return problems.Sorted();
    }

    public static ConfigurationProblem ProblemOf(ConfigurationFormat format, string text) => Assert.Single(ProblemsOf(format, text));
}
