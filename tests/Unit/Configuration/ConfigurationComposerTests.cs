using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class ConfigurationComposerTests
{
    [Fact]
    public void Mappings_are_merged_and_everything_else_is_replaced()
    {
        var root = ConfigurationComposer.Compose(
        [
            TextSource.Read("uwsgi: {master: true, processes: 2}\nTAGS: [a, b]\nlocal_port: 8001"),
            TextSource.Read("uwsgi: {processes: 4, threads: 2}\nTAGS: [c]\nlocal_ip: ::1"),
        ]);

        Assert.Equal("{uwsgi: {master: true, processes: 4, threads: 2}, TAGS: [c], local_port: 8001, local_ip: ::1}", root.ToString());
    }

    [Fact]
    public void A_value_remembers_what_it_replaced_down_to_the_first()
    {
        var root = ConfigurationComposer.Compose(
            [TextSource.Read("a: {b: 1}"), TextSource.Read("a: {b: 2}"), TextSource.Read("a: {b: 3}")]);

        var value = root.Find("a.b")!;
        Assert.Equal(["3", "2", "1"], [value.ToString(), value.Overrode!.ToString(), value.Overrode.Overrode!.ToString()]);
        Assert.Null(value.Overrode.Overrode.Overrode);
    }

    [Fact]
    public void A_scalar_over_a_mapping_replaces_it()
    {
        var root = ConfigurationComposer.Compose([TextSource.Read("a: {b: 1}"), TextSource.Read("a: ~")]);

        Assert.True(root.Find("a")!.IsNull);
        Assert.IsType<ConfigMapping>(root.Find("a")!.Overrode);
    }

    [Fact]
    public async Task Overrides_are_dotted_paths_with_YAML_values()
    {
        var problems = new ProblemList();
        var source = new OverrideSource(
        [
            new("service.ready.timeout", "10s"),
            new("TAGS", "[a, 'b c']"),
            new("uwsgi.\"a.b\"", "0644"),
            new("service.ready.timeout", "20s"),
        ]);

        var root = await source.ReadAsync(problems, new ProblemList(), TestContext.Current.CancellationToken);

        Assert.Empty(problems.Sorted());
        Assert.Equal("{service: {ready: {timeout: 20s}}, TAGS: [a, b c], uwsgi: {a.b: 0644}}", root!.ToString());
        Assert.All(["service.ready.timeout", "TAGS[1]"], path => Assert.Equal("command line", root.Find(path)!.Origin.Place));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a[0]")]
    [InlineData("\"a")]
    public async Task An_override_whose_key_can_not_be_understood_is_told(string path)
    {
        var problems = new ProblemList();
        await new OverrideSource([new(path, "1")]).ReadAsync(problems, new ProblemList(), TestContext.Current.CancellationToken);

        var problem = Assert.Single(problems.Sorted());
        Assert.Equal("command line", problem.Source);
        Assert.NotNull(problem.Advice);
    }

    [Fact]
    public async Task An_override_whose_value_can_not_be_understood_is_told()
    {
        var problems = new ProblemList();
        await new OverrideSource([new("TAGS", "[a")]).ReadAsync(problems, new ProblemList(), TestContext.Current.CancellationToken);

        var problem = Assert.Single(problems.Sorted());
        Assert.Equal("TAGS", problem.Key);
        Assert.Equal("command line", problem.Place);
    }
}
