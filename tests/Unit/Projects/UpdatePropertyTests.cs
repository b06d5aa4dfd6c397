using CsCheck;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Projects;

namespace ServiceCtl.Tests.Unit.Projects;

/// <summary>
/// Whatever was changed by hand and in the template: after an update each file is what a plain model of a three-way merge says, section by
/// section, and nothing that somebody has written is lost.
/// </summary>
public sealed class UpdatePropertyTests : IDisposable
{
    private const int Sections = 3;

    /// <summary>A section of a file: 0 is as the template had it, 1 to 3 are other texts, 4 is none.</summary>
    private static readonly Gen<int> Section = Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 4]));

    private static readonly Gen<Side> AnySide = Gen.Select(
        Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))), Section.Array[Sections],
        (isGone, sections) => new Side(isGone, sections));

    private static readonly Gen<(Side From, Side Own, Side To)> AnyFile = Gen.Select(
        Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))).Select(isGone => new Side(isGone, new int[Sections])), AnySide, AnySide);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("merge-");

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed record Side(bool IsGone, int[] Sections)
    {
        public string? Text => IsGone ? null : string.Concat(Sections.Select((choice, at) => $"{Body(at, choice)}{Between(at)}"));
    }

    [Fact]
    public Task An_update_agrees_with_the_model() => AnyFile.Array[1, 4].SampleAsync(async files =>
    {
        var request = Templates.Request(_folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName);
        await new ProjectMaker(Catalog("1", files.Select(file => file.From))).MakeAsync(request, CancellationToken.None);
        for (var at = 0; at < files.Length; at++)
            Put(Path.Combine(request.Path, $"f{at}"), files[at].Own.Text);
        var updater = new ProjectUpdater(Catalog("2", files.Select(file => file.To)));
        var update = new ProjectUpdateRequest { Path = request.Path };

        var plan = await updater.PlanAsync(update, CancellationToken.None);
        var project = await updater.UpdateAsync(update, CancellationToken.None);

        Assert.Equal(plan.Files.Select(file => file.ToString()), project.Files.Select(file => file.ToString()));
        for (var at = 0; at < files.Length; at++)
        {
            var path = Path.Combine(request.Path, $"f{at}");
            Agree(files[at].From, files[at].Own, files[at].To, File.Exists(path) ? File.ReadAllText(path) : null,
                project.Files.FirstOrDefault(file => file.Path == $"f{at}")?.Change);
        }

        Assert.Equal(project.Files.Any(file => file.Change == ProjectFileChange.Conflicted), project.HasConflicts);
        Assert.Empty((await updater.UpdateAsync(update, CancellationToken.None)).Files);
        Directory.Delete(Path.GetDirectoryName(request.Path)!, recursive: true);
    }, iter: 60, threads: 1);

    private static void Agree(Side from, Side own, Side to, string? now, ProjectFileChange? change)
    {
        if (own.IsGone && (!from.IsGone || to.IsGone))
        {
            Assert.Null(now);
        }
        else if (own.IsGone || own.Text == from.Text)
        {
            Assert.Equal(from.Text == to.Text ? own.Text : to.Text, now);
        }
        else if (to.IsGone || to.Text == own.Text || to.Text == from.Text)
        {
            Assert.Equal(own.Text, now);
        }
        else if (from.IsGone)
        {
            // Two files that know nothing of each other: both are there, whole but for what they have in common.
            Assert.Equal(ProjectFileChange.Conflicted, change);
            Assert.All(Lines(own).Concat(Lines(to)), line => Assert.Contains(line, now, StringComparison.Ordinal));
        }
        else
        {
            Agree(from.Sections, own.Sections, to.Sections, now!, change);
        }
    }

    private static void Agree(int[] from, int[] own, int[] to, string now, ProjectFileChange? change)
    {
        var hasConflicts = false;
        for (var at = 0; at < Sections; at++)
        {
            var isFrom = own[at] == from[at];
            if (isFrom || to[at] == from[at] || own[at] == to[at])
            {
                Assert.Contains($"{(at == 0 ? "" : Between(at - 1))}{Body(at, isFrom ? to[at] : own[at])}{Between(at)}", now,
                    StringComparison.Ordinal);
                continue;
            }

            hasConflicts = true;
            Assert.Contains(Body(at, own[at]), now, StringComparison.Ordinal);
            Assert.Contains(Body(at, to[at]), now, StringComparison.Ordinal);
        }

        Assert.Equal(hasConflicts, change == ProjectFileChange.Conflicted);
        Assert.Equal(hasConflicts, now.Contains("<<<<<<< yours\n", StringComparison.Ordinal));
    }

    private static string[] Lines(Side side) => side.Text!.Split('\n');

    private static string Body(int at, int choice) => choice == 4 ? "" : $"section {at} is {choice}\nand has {choice} of {at}\n";

    /// <summary>Lines that nobody changes: without some, neighbours that change are one change.</summary>
    private static string Between(int at) => $"after {at}, one\nafter {at}, two\nafter {at}, three\nafter {at}, four\n";

    private static void Put(string path, string? text)
    {
        if (text is null)
            File.Delete(path);
        else
            File.WriteAllText(path, text);
    }

    private static TemplateCatalog Catalog(string version, IEnumerable<Side> sides) => Templates.Of(version,
    [
        .. sides.Select((side, at) => (Path: $"common/base/f{at}", side.Text)).Where(file => file.Text is not null)
            .Select(file => (file.Path, file.Text!)),
    ]);
}
