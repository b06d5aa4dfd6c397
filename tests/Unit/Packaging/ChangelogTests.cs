using ServiceCtl.Contracts;
using ServiceCtl.Engine.Packaging;

namespace ServiceCtl.Tests.Unit.Packaging;

public sealed class ChangelogTests : IDisposable
{
    private const string Section = "## 2.0.0 (2026-11-30)\n\n### Added\n\n- New.\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("changes-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("", "# Changelog\n\n" + Section, 3)]
    [InlineData("# Changes\n\nAll.\n\n## 1.0.0\n- First.\n", "# Changes\n\nAll.\n\n" + Section + "\n## 1.0.0\n- First.\n", 5)]
    [InlineData("# C\n## Unreleased\n- x\n\n## 1.0\n", "# C\n## Unreleased\n- x\n\n" + Section + "\n## 1.0\n", 5)]
    [InlineData("# C\n```\n## no\n```\n", "# C\n```\n## no\n```\n\n" + Section, 6)]
    public void A_section_comes_above_the_newest_version_and_nothing_is_lost(string before, string after, int line) =>
        Assert.Equal((after, line), Changelog.With(before, Section));

    [Fact]
    public void A_section_has_what_is_new_by_its_kind_with_its_issue()
    {
        ChangeFiles.Add(_folder.FullName, ChangeKind.Fix, "Zero is refused.\nSo is minus one.", "12");
        ChangeFiles.Add(_folder.FullName, ChangeKind.Fix, "The same again.", "12");
        ChangeFiles.Add(_folder.FullName, ChangeKind.Feature, "Export.", null);
        File.WriteAllText(Path.Combine(_folder.FullName, "changes", "README.md"), "How to write them.");

        var section = Changelog.Section("1.1.0", new DateOnly(2026, 11, 30), ChangeFiles.Require(_folder.FullName));

        Assert.Equal("""
            ## 1.1.0 (2026-11-30)

            ### Added

            - Export.

            ### Fixed

            - The same again. (#12)
            - Zero is refused.
              So is minus one. (#12)

            """, section);
    }

    [Theory]
    [InlineData("12.bug.md", "x")]
    [InlineData("fix.md", "x")]
    [InlineData("12.fix.txt", "x")]
    [InlineData("12.fix.md", " \n")]
    public void A_file_that_is_no_change_is_named(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "changes"));
        File.WriteAllText(Path.Combine(_folder.FullName, "changes", name), text);

        var error = Assert.Throws<ServiceCtlException>(() => ChangeFiles.Require(_folder.FullName));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" ", null)]
    [InlineData("x", "../12")]
    public void A_change_says_something_and_stays_in_its_folder(string text, string? issue) => Assert.Equal(ErrorCode.InvalidArgument,
        Assert.Throws<ServiceCtlException>(() => ChangeFiles.Add(_folder.FullName, ChangeKind.Fix, text, issue)).Code);
}
