using ServiceCtl.Contracts;
using ServiceCtl.Engine.Projects;

namespace ServiceCtl.Tests.Unit.Projects;

public sealed class ProjectComposerTests
{
    [Fact]
    public void Overlays_replace_and_add_in_their_order()
    {
        var catalog = Templates.Of("1",
            ("common/base/a", "common\n"), ("fastapi/base/a", "kind\n"), ("common/base/b", "1"), ("common/base/b+", "2\n"),
            ("fastapi/layout-cordio/b+", "3\n"), ("fastapi/layout-minimal/b+", "not this\n"), ("common/database-redis/b+", "4\n"),
            ("fastapi/with-make/b+", "6\n"), ("common/with-make-redis/b+", "7\n"), ("common/with-make-none/b+", "not this\n"),
            ("common/with-docs/b+", "5\n"), ("fastapi/with-docs/new+", "n\n"));

        var files = Compose(catalog, new ProjectRequest
        {
            Name = "shop",
            Path = "/x",
            Database = ProjectDatabase.Redis,
            Parts = ["make", "docs"],
        });

        Assert.Equal([("a", "kind\n"), ("b", "1\n2\n3\n4\n5\n6\n7\n"), ("new", "n\n")], files);
    }

    [Fact]
    public void Folders_go_where_the_layout_has_them_and_names_and_port_are_exchanged()
    {
        var catalog = Templates.Of("1", ("common/base/my_app/my_app.py", "port = 8000  # 18000 8000.5 127.0.0.1:8000\n"),
            ("common/base/etc/main.yaml", "my-app\n"));
        var request = new ProjectRequest { Name = "shop", Path = "/x", Port = 9000 };

        Assert.Equal(
            [("etc/main.yaml", "shop\n"),
                ("home/shop/shop.py", "port = 9000  # 18000 8000.5 127.0.0.1:9000\n"), ("usr/etc/main.yaml", "shop\n")],
            Compose(catalog, request));
        Assert.Equal(["main.yaml", "shop/shop.py"],
            Compose(catalog, request with { Layout = ProjectLayout.Minimal }).Select(file => file.Path));
    }

    [Fact]
    public void A_project_is_not_called_as_what_it_needs()
    {
        var catalog = Templates.Of("1", ("fastapi/base/requirements.txt", "# comment\nFast_API[all]>=1\n"));

        var error = Assert.Throws<ServiceCtlException>(() => Compose(catalog, new ProjectRequest { Name = "fast.api", Path = "/x" }));

        Assert.Contains("itself needs", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dcos", "Did you mean 'docs'?")]
    [InlineData("!nothing", "It has docs, make, late.")]
    [InlineData("late", "'servicectl new --list' shows what goes together.")]
    public void A_part_that_can_not_be_had_is_refused(string part, string advice)
    {
        var error = Assert.Throws<ServiceCtlException>(
            () => AnswerRules.Of(new ProjectRequest { Name = "shop", Path = "/x", Parts = [part] }, Templates.Of("1")));

        Assert.Equal((ErrorCode.InvalidArgument, advice), (error.Code, error.Advice));
    }

    [Fact]
    public void A_pattern_chooses_what_can_be_had_and_a_database_brings_its_own()
    {
        var catalog = Templates.Of("1", """, "brings": {"redis": ["late"]}""");

        Assert.Equal(["docs", "make"], AnswerRules.Of(new ProjectRequest { Name = "shop", Path = "/x", Parts = ["*"] }, catalog).Parts);
        Assert.Equal(["make", "late"], AnswerRules.Of(
            new ProjectRequest { Name = "shop", Path = "/x", Parts = ["*", "!docs"], Database = ProjectDatabase.Redis }, catalog).Parts);
    }

    [Fact]
    public void A_database_that_the_template_does_not_have_is_refused()
    {
        var error = Assert.Throws<ServiceCtlException>(() => AnswerRules.Of(
            new ProjectRequest { Name = "shop", Path = "/x", Database = ProjectDatabase.Postgres }, Templates.Of("1")));

        Assert.Equal("It has none, redis.", error.Advice);
    }

    private static IEnumerable<(string Path, string Text)> Compose(TemplateCatalog catalog, ProjectRequest request) =>
        ProjectComposer.Compose(catalog.Files, AnswerRules.Of(request, catalog)).Select(file => (file.Path, file.Text));
}
