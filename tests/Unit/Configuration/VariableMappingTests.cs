using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Formats.Env;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class VariableMappingTests
{
    [Fact]
    public async Task Two_underscores_separate_levels_and_values_have_types()
    {
        var root = await ReadAsync(
            new()
            {
                ["APP__DB__HOST"] = "a",
                ["app__db__max_size"] = "10",
                ["APP__TAGS"] = "[x, 'y z']",
                ["APP__EMPTY"] = "",
                ["APPLE"] = "1"
            });

        Assert.Equal("{db: {host: a, max_size: 10}, empty: , tags: [x, y z]}", root.ToString());
        Assert.Equal(ScalarKind.Integer, ((ConfigScalar)root.Find("db.max_size")!).Kind);
        Assert.IsType<ConfigSequence>(root.Find("tags"));
        Assert.True(root.Find("empty")!.IsNull);
        Assert.Equal("environment:APP__DB__HOST", root.Find("db.host")!.Origin.Place);
    }

    [Fact]
    public async Task Numbers_from_zero_are_the_items_of_a_list()
    {
        var hosts = Enumerable.Range(0, 12).ToDictionary(index => $"APP__HOSTS__{index}", index => $"h{index}");

        Assert.Equal($"[{string.Join(", ", hosts.Values)}]", (await ReadAsync(hosts)).Find("hosts")!.ToString());
        Assert.IsType<ConfigMapping>((await ReadAsync(new() { ["APP__HOSTS__1"] = "a" })).Find("hosts"));
    }

    [Fact]
    public async Task Keys_are_written_as_the_schema_writes_them()
    {
        var root = await ReadAsync(
            new() { ["APP__SERVICE_NAME"] = "api", ["APP__LOCAL_PORT"] = "1", ["APP__SERVICE__READY__HTTP"] = "/ping" },
            ServiceSchema.Schema);

        Assert.Equal(["SERVICE_NAME", "local_port", "service.ready.http"],
            ConfigSetting.Of(root).Select(setting => setting.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("APP____A", "names no key")]
    [InlineData("APP__A__", "names no key")]
    [InlineData("APP__LIST", "can't be understood")]
    [InlineData("APP__B__C", "given at environment:APP__B already")]
    public async Task What_is_wrong_is_told_with_the_variable(string name, string words)
    {
        var problems = new ProblemList();
        var variables = new Dictionary<string, string> { ["APP__B"] = "1", [name] = "[1" };
        if (name == "APP__B__C")
            variables[name] = "2";

        await new EnvironmentSource(variables, new VariableMapping("APP")).ReadAsync(problems, new ProblemList(), CancellationToken.None);

        var problem = Assert.Single(problems.Sorted());
        Assert.Equal("environment", problem.Source);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Contains(name, problem.Message, StringComparison.Ordinal);
    }

    private static async Task<ConfigMapping> ReadAsync(Dictionary<string, string> variables, ConfigurationSchema? schema = null)
    {
        var problems = new ProblemList();
        var root = await new EnvironmentSource(variables, new VariableMapping("APP", schema)).ReadAsync(problems, new ProblemList(),
            CancellationToken.None);
        Assert.Empty(problems.Sorted());
        return root!;
    }

}
