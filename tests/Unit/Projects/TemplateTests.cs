using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Projects;

namespace ServiceCtl.Tests.Unit.Projects;

/// <summary>The templates that the product has, as far as it shows without running them.</summary>
public sealed partial class TemplateTests
{
    private static readonly TemplateCatalog Catalog = TemplateCatalog.Embedded;

    public static TheoryData<string> Kinds => [.. Catalog.Manifests.Select(manifest => manifest.Id)];

    [Fact]
    public void Each_file_below_templates_is_in_the_assembly()
    {
        var root = Path.Combine(Repository.Root, "templates");
        var files = Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path))
            .Where(path => path != "README.md" && !Cache().IsMatch(path)).Order(StringComparer.Ordinal);

        Assert.Equal(files, Catalog.Files.Paths);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_choice_makes_a_project_in_which_nothing_of_the_template_is_left(string kind)
    {
        var template = Catalog.Get(kind);
        foreach (var request in ChoicesOf(template))
        {
            var answers = AnswerRules.Of(request, Catalog);
            var files = ProjectComposer.Compose(Catalog.Files, answers);

            Assert.DoesNotContain(files, file => file.Path.EndsWith('+') || file.Path.Split('/')[0] is ".servicectl" or ".git");
            Assert.Empty(files.SelectMany(file =>
                Placeholder().Matches(file.Path + "\n" + file.Text).Select(match => (file.Path, match.Value))));
            Assert.All(files, file => Assert.True(file.Text.Length == 0 || file.Text[^1] == '\n', $"{file.Path} ends without a line feed"));
            Assert.Equal(files.Count, files.Select(file => file.Path.ToLowerInvariant()).Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_template_says_of_itself_is_so(string kind)
    {
        var template = Catalog.Get(kind);
        string[] folders = [.. template.Shares, kind];
        string[] overlays =
        [
            "base", .. template.Layouts.Keys.Select(layout => $"layout-{layout}"),
            .. template.Databases.Select(database => $"database-{database}"), .. template.Parts.Select(part => $"with-{part.Name}"),
            .. template.Parts.SelectMany(part => template.Databases.Select(database => $"with-{part.Name}-{database}")),
        ];

        Assert.Equal(kind, template.Id);
        Assert.True(Version.TryParse(template.Version, out _));
        Assert.All(folders, folder => Assert.NotEmpty(Catalog.Files.Below(folder)));
        Assert.DoesNotContain(Catalog.Files.Below(kind), path => path != "template.json" && !overlays.Contains(path.Split('/')[0]));
        Assert.All(template.Parts, part =>
            Assert.Contains(folders, folder => Catalog.Files.Below($"{folder}/with-{part.Name}").Any()));
        Assert.All(template.Brings, brought =>
            Assert.All(brought.Value, name => Assert.Contains(template.Parts, part => part.Name == name)));
        if (template.Port is { } port)
            Assert.Contains(Compose(template, 54321), file => Regex.IsMatch(file.Text, @"\b54321\b"));
    }

    /// <summary>Each layout with each database, without parts, with each by itself, and with all of them.</summary>
    internal static IEnumerable<ProjectRequest> ChoicesOf(TemplateManifest template) =>
        from layout in template.Layouts.Keys
        from database in template.Databases
        let single = template.Parts.Where(part => Goes(part, layout, database)).Select(part => new[] { part.Name })
        from parts in ((string[][])[[], ["*"], .. single])
        select new ProjectRequest
        {
            Name = "stock-room",
            Path = "/",
            Framework = TemplateCatalog.Read<ProjectFramework>(template.Id),
            Layout = TemplateCatalog.Read<ProjectLayout>(layout),
            Database = TemplateCatalog.Read<ProjectDatabase>(database),
            Parts = parts,
        };

    private static bool Goes(TemplatePart part, string layout, string database) =>
        (part.Layouts.Count == 0 || part.Layouts.Contains(layout)) && (part.Databases.Count == 0 || part.Databases.Contains(database));

    private static IReadOnlyList<ProjectFile> Compose(TemplateManifest template, int port) => ProjectComposer.Compose(Catalog.Files,
        AnswerRules.Of(ChoicesOf(template).First() with { Port = port }, Catalog));

    [GeneratedRegex(@"(?<![A-Za-z0-9_])(my_app|my-app|MyApp|MY_APP|My App)(?![A-Za-z0-9_])")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(^|/)(__pycache__|\.[a-z]+_cache)/|\.pyc$")]
    private static partial Regex Cache();
}
