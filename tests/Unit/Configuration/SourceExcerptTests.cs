using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Configuration.Reporting;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class SourceExcerptTests
{
    private static readonly SecretMask Mask = SecretMask.For(ServiceSchema.Schema);

    [Theory]
    [InlineData("local_port: x", 13, "            ^")]
    [InlineData("\tlocal_port: x", 14, "\t            ^")]
    [InlineData("名前: x", 5, "      ^")]
    [InlineData("é: x", 4, "   ^")]
    [InlineData("e\u0301: x", 5, "   ^")]
    [InlineData("😀: x", 5, "    ^")]
    [InlineData("a", 99, " ^")]
    [InlineData("", 1, "^")]
    public void The_caret_stands_below_its_column(string line, int column, string caret) =>
        Assert.Equal($"    7 | {line}\n      | {caret}", SourceExcerpt.Of(line, 7, column, Mask));

    [Fact]
    public void A_long_line_is_cut_around_the_column()
    {
        var excerpt = SourceExcerpt.Of(new string('a', 5000) + "X" + new string('b', 5000), 1, 5001, Mask).Split('\n');

        Assert.InRange(excerpt[0].Length, 100, 140);
        Assert.Equal('X', excerpt[0][excerpt[1].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Theory]
    [InlineData("db_password: hunter2 x", 14)]
    [InlineData("{user: a, 'db.password': hunter2}", 30)]
    [InlineData("hook: https://hooks.example.com/hunter2", 7)]
    [InlineData("url: redis://me:hunter2@host", 20)]
    [InlineData("SECRET_KEY=hunter2", 12)]
    public void No_secret_is_shown(string line, int column)
    {
        var excerpt = SourceExcerpt.Of(line, 1, column, Mask);

        Assert.DoesNotContain("hunter2", excerpt, StringComparison.Ordinal);
        Assert.Contains(SecretPattern.Mask, excerpt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("private_key: |\n  first\n  hunter2\n", 3)]
    [InlineData("credentials:\n  inner:\n    user: hunter2\n", 3)]
    [InlineData("private_key: |\nhunter2\n", 2)]
    public async Task A_line_that_belongs_to_a_secret_is_not_shown(string text, int line)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
            var problem = new ConfigurationProblem { Source = file, Line = line, Column = 1, Message = "m" };

            var shown = Assert.Single(await SourceExcerpt.AddAsync([problem], Mask, TestContext.Current.CancellationToken));

            Assert.Null(shown.Excerpt);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_can_not_be_quoted_is_told_all_the_same()
    {
        var problem = new ConfigurationProblem { Source = "/nowhere/config.yaml", Line = 1, Column = 1, Message = "m" };

        Assert.Equal(problem, Assert.Single(await SourceExcerpt.AddAsync([problem], Mask, TestContext.Current.CancellationToken)));
    }
}
