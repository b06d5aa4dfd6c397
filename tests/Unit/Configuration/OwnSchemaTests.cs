using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Own;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>Schemas that services bring themselves: the short form and JSON Schema.</summary>
public sealed class OwnSchemaTests : IDisposable
{
    private const string ShortForm = """
        keys:
          db.host: {type: text, required: true, description: Where the database is}
          db.port: {type: integer, minimum: 1, maximum: 65535, default: 5432}
          db.password: {type: text, secret: true}
          db.timeout: duration
          log_level: {values: [debug, info, warning], default: info}
          hosts: list of address
          name: {type: text, pattern: '^[a-z]+$'}
          old: {type: text, deprecated: "Write `db.host`."}
        sections:
          db: The database
          extra: {open: true}
        """;

    private const string JsonSchema = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "properties": {
            "db": {
              "type": "object", "additionalProperties": false, "required": ["host"],
              "properties": {
                "host": {"type": "string", "format": "hostname"},
                "port": {"type": "integer", "minimum": 1, "maximum": 65535, "default": 5432},
                "password": {"type": "string", "writeOnly": true}
              }
            },
            "mode": {"enum": ["fast", "safe"]},
            "ratio": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            "users": {"type": "array", "minItems": 1, "items": {
              "type": "object", "required": ["name"], "additionalProperties": false,
              "properties": {"name": {"type": "string", "minLength": 2, "pattern": "^[a-z]+$"}, "age": {"type": "integer"}}
            }},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}}
          },
          "required": ["mode"]
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("servicectl-schema-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_short_form_describes_keys_like_ours()
    {
        var schema = await SchemaAsync("config.schema.yaml", ShortForm);

        Assert.Equal("5432", schema.Find("db.port")!.Default);
        Assert.Equal("Where the database is.", schema.Find("db.host")!.Description);
        Assert.True(schema.Find("db.password")!.IsSecret);
        Assert.Equal(["debug", "info", "warning"], schema.Find("log_level")!.Type.AllowedValues);
        Assert.Equal("list of address", schema.Find("hosts")!.Type.Name);
        Assert.NotNull(schema.Find("service.runner"));
    }

    [Theory]
    [InlineData("db: {host: h, prot: 1}", 1, 15, "Unknown key `prot` in `db`.", "Did you mean `port`?")]
    [InlineData("db: {host: h, port: 70000}", 1, 21, "`70000` is not an integer from 1 to 65535.", "Write it as `5432`.")]
    [InlineData("db: {host: h, timeout: soon}", 1, 24, "`soon` is not a duration", "Write it as")]
    [InlineData("db: {host: h}\nlog_level: inof", 2, 12, "`inof` is not one of", "Did you mean `info`?")]
    [InlineData("db: {host: h}\nname: Anna", 2, 7, "`Anna` is not text that matches `^[a-z]+$`.", "Write")]
    [InlineData("db: {host: h}\nhosts: ['a b']", 2, 9, "is not an address", "Write")]
    [InlineData("db: {port: 1}", 1, 5, "The key `db.host` is missing.", "Write it")]
    [InlineData("other: 1", 1, 1, "The key `db.host` is missing.", "Write it")]
    public async Task What_the_short_form_refuses_has_its_place_and_remedy(
        string config, int line, int column, string message, string advice) =>
        AssertProblem((await CheckAsync("config.schema.yaml", ShortForm, config)).Problems, line, column, message, advice);

    [Theory]
    [InlineData("mode: fats", 1, 7, "`fats` is not one of `fast`, `safe`.", "Did you mean `fast`?")]
    [InlineData("mode: fast\ndb: {host: h, pasword: x}", 2, 15, "Unknown key `pasword` in `db`.", "Did you mean `password`?")]
    [InlineData("mode: fast\ndb: {port: 80}", 2, 5, "The key `db.host` is missing.", "Write it")]
    [InlineData("mode: fast\ndb: {host: h, port: '80'}", 2, 21, "`db.port` should be an integer, and this is text.", "Write it as `5432`.")]
    [InlineData("mode: fast\ndb: {host: 1.10}", 2, 12, "`db.host` should be text, and this is a number.", "Write it as")]
    [InlineData("mode: fast\ndb: {host: 'a b'}", 2, 12, "`a b` is not in the format `hostname`.", "Write it")]
    [InlineData("mode: fast\nratio: 0", 2, 8, "`0` is not more than 0.", "Write it")]
    [InlineData("mode: fast\nratio: 1.5", 2, 8, "`1.5` is not at most 1.", "Write it")]
    [InlineData("mode: fast\nusers: []", 2, 8, "`users` should have at least 1 items, and has 0.", "Add what is missing.")]
    [InlineData("mode: fast\nusers: [{nmae: bob}]", 2, 10, "Unknown key `nmae` in `users[0]`.", "Did you mean `name`?")]
    [InlineData("mode: fast\nusers: [{name: b}]", 2, 16, "`b` is not at least 2 characters long.", "Write it")]
    [InlineData("mode: fast\nlabels: {a: [1]}", 2, 13, "`labels.a` should be text, and this is a list.", "Write it as `some text`.")]
    [InlineData("{}", 1, 1, "The key `mode` is missing.", "for example `fast`")]
    public async Task What_a_JSON_Schema_refuses_has_its_place_and_remedy(
        string config, int line, int column, string message, string advice) =>
        AssertProblem((await CheckAsync("config.schema.json", JsonSchema, config)).Problems, line, column, message, advice);

    [Fact]
    public async Task What_fits_is_right_and_has_its_defaults()
    {
        var check = await CheckAsync("config.schema.json", JsonSchema,
            "mode: safe\ndb: {host: db.example.com}\nusers: [{name: bob, age: 3}]\nlabels: {a: b}\nlocal_port: 80\nFREE: 1");

        Assert.Empty(check.Problems);
        Assert.Empty(check.Warnings);
        Assert.Equal("5432", check.Configuration!.ValueOf(check.Configuration.Schema.Find("db.port")!)!.ToString());
    }

    [Fact]
    public async Task A_setting_has_no_type_of_its_own()
    {
        await WriteAsync("config.schema.json", JsonSchema);
        await WriteAsync("config.yaml", "mode: fast\ndb: {host: h}");

        var read = await ServiceConfiguration.ReadAsync(_folder,
            new SourceRequest { Settings = [new("db.port", "8080"), new("db.host", "8080")] }, TestContext.Current.CancellationToken);

        Assert.Empty(read.Check.Problems);
    }

    [Theory]
    [InlineData("port: 70000", "`70000` is not at most 65535.")]
    [InlineData("port: x", "`port` should be an integer, and this is text.")]
    [InlineData("db: {host: h, port: 0}", "`0` is not at least 1.")]
    [InlineData("db: {port: 1}", "The key `db.host` is missing.")]
    [InlineData("db: {host: h, pasword: x}", null)]
    [InlineData("limit: -1", "`-1` is not at least 0.")]
    [InlineData("limit: none", null)]
    [InlineData("limit: nine", "`nine` is not one of `none`.")]
    [InlineData("limit: [1]", "`limit` fits none of the descriptions that its schema allows.")]
    [InlineData("to: {file: a}", null)]
    [InlineData("to: {file: a, url: b}", "`to` fits 2 of the descriptions in `oneOf` of its schema, and should fit one.")]
    [InlineData("to: {}", "`to` fits none of the descriptions that its schema allows.")]
    [InlineData("name: admin", "`name` fits what `not` of its schema forbids.")]
    [InlineData("name: anna", null)]
    [InlineData("even: 3", "`3` is not at least 4.")]
    public async Task References_and_combinations_are_checked(string config, string? message)
    {
        const string schema = """
            {
              "$defs": {
                "port": {"type": "integer", "minimum": 1, "maximum": 65535},
                "server": {"type": "object", "properties": {"host": {"type": "string"}, "port": {"$ref": "#/$defs/port"}}, "required": ["host"]}
              },
              "properties": {
                "port": {"$ref": "#/$defs/port", "description": "Where it listens."},
                "db": {"allOf": [{"$ref": "#/$defs/server"}, {"properties": {"name": {"type": "string"}}}]},
                "limit": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "enum": ["none"]}]},
                "to": {"oneOf": [{"type": "object", "required": ["file"]}, {"type": "object", "required": ["url"]}]},
                "name": {"type": "string", "not": {"enum": ["admin"]}},
                "even": {"allOf": [{"type": "integer", "minimum": 2}, {"minimum": 4}]}
              }
            }
            """;
        var check = await CheckAsync("config.schema.json", schema, config);

        Assert.Empty(check.Warnings);
        if (message is null)
            Assert.Empty(check.Problems);
        else
            Assert.Equal(message, Assert.Single(check.Problems).Message);
    }

    [Fact]
    public async Task References_that_double_end_soon()
    {
        var definitions = string.Join(", ",
            Enumerable.Range(0, 40)
                .Select(number =>
                    $"\"d{number}\": {{\"properties\": {{\"a\": {{\"$ref\": \"#/$defs/d{number + 1}\"}}, \"b\": {{\"$ref\": "
                        + $"\"#/$defs/d{number + 1}\"}}}}}}"));

        var check = await CheckAsync("config.schema.json",
            $"{{\"$defs\": {{{definitions}}}, \"properties\": {{\"x\": {{\"$ref\": \"#/$defs/d0\"}}}}}}", "x: 1");

        Assert.Contains("Written out with its references", Assert.Single(check.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"properties\": {\"a\": {\"$ref\": \"#/x\"}}}", "`$ref` is not understood here and is passed over")]
    [InlineData("{\"properties\": {\"a\": {\"$ref\": \"other.json#/x\"}}}", "`$ref` is not understood here and is passed over")]
    [InlineData("{\"properties\": {\"a\": {\"$ref\": \"#/$defs/x\"}}, \"$defs\": {\"x\": {\"items\": {\"$ref\": \"#/$defs/x\"}}}}",
        "`$ref` is not understood here and is passed over")]
    [InlineData("{\"properties\": {\"a\": {\"if\": {}}}}", "`if` is not understood here and is passed over")]
    [InlineData("{\"properties\": {\"a\": {}}, \"anyOf\": [{}]}", "`anyOf` is not understood here and is passed over")]
    [InlineData("{\"properties\": {\"a\": {\"minimun\": 1}}}", "`minimun` is not understood here and is passed over")]
    [InlineData("{\"properties\": {\"a\": {\"type\": \"string\", \"format\": \"iri\"}}}", "`format: iri` is not understood")]
    [InlineData("{\"properties\": {\"local_port\": {\"type\": \"string\"}}}", "`local_port` is described by ServiceCtl")]
    [InlineData("{\"properties\": {\"service\": {\"properties\": {\"x\": {}}}}}", "`service` is described by ServiceCtl")]
    public async Task What_is_not_understood_is_told_and_not_silently_passed_over(string schema, string warning)
    {
        var check = await CheckAsync("config.schema.json", schema, "x: 1");

        Assert.Empty(check.Problems);
        var told = Assert.Single(check.Warnings);
        Assert.Contains(warning, told.Message, StringComparison.Ordinal);
        Assert.Equal(Path.Combine(_folder, "config.schema.json"), told.Source);
        Assert.NotNull(told.Line);
    }

    [Theory]
    [InlineData("keys: {a: integr}", 1, 11, "`integr` is no type.", "Did you mean `integer`?")]
    [InlineData("keys: {a: {type: integer, default: ten}}", 1, 36, "`ten` is not an integer.", "Write it as")]
    [InlineData("keys: {a: {typ: integer}}", 1, 12, "`typ` means nothing for the key `a`.", "Did you mean `type`?")]
    [InlineData("keys: {a: {type: duration, minimum: 1}}", 1, 28, "`minimum` means nothing for duration.", "`minimum` and `maximum`")]
    [InlineData("keys: {a..b: text}", 1, 8, "The key `a..b` can't be understood.", "Write a dotted path")]
    [InlineData("keys: {a: text, a.b: text}", 1, 17, "`a` is a key and a section.", "Keep one of them.")]
    [InlineData("keys: [a]", 1, 7, "`keys` should be a mapping", "Write `db.port: integer`")]
    [InlineData("a: text", 1, 1, "This is neither a JSON Schema", "Write `keys:")]
    public async Task A_wrong_schema_is_told_by_its_place(string schema, int line, int column, string message, string advice)
    {
        var problems = (await CheckAsync("config.schema.yaml", schema, "x: 1")).Problems;

        Assert.All(problems, problem => Assert.Equal(Path.Combine(_folder, "config.schema.yaml"), problem.Source));
        AssertProblem(problems, line, column, message, advice);
    }

    [Fact]
    public async Task A_deprecated_key_is_told_with_the_remedy()
    {
        var check = await CheckAsync("config.schema.yaml", ShortForm, "db: {host: h}\nold: x");

        AssertProblem(check.Warnings, 2, 1, "`old` is deprecated.", "Write `db.host`.");
    }

    [Fact]
    public async Task Our_keys_that_are_for_the_service_alone_may_be_described_by_it()
    {
        var check = await CheckAsync("config.schema.yaml", "keys: {DEBUG: boolean}", "DEBUG: perhaps");

        Assert.Equal("DEBUG", Assert.Single(check.Problems).Key);
    }

    [Fact]
    public async Task The_published_schema_is_one_that_is_understood()
    {
        var published = JsonSchemaWriter.Write(ServiceSchema.Schema, "t").Replace("\"anyOf\"", "\"$comment\"", StringComparison.Ordinal);
        await WriteAsync("config.schema.json", published);
        var problems = new ProblemList();

        var own = await OwnSchema.ReadAsync(
            Path.Combine(_folder, "config.schema.json"), new ConfigurationSchema([], []), problems, new ProblemList(),
            TestContext.Current.CancellationToken);

        Assert.Empty(problems.Sorted());
        Assert.Equal(ServiceSchema.Schema.Keys.Select(key => key.Path).Order(), own.Keys.Select(key => key.Path).Order());
        Assert.Equal(
            ServiceSchema.Schema.Keys.Where(key => key.IsSecret).Select(key => key.Path).Order(),
            own.Keys.Where(key => key.IsSecret).Select(key => key.Path).Order());
    }

    private static void AssertProblem(IReadOnlyList<ConfigurationProblem> problems, int line, int column, string message, string advice)
    {
        var problem = Assert.Single(problems, problem => problem.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Contains(advice, problem.Advice, StringComparison.Ordinal);
    }

    private async Task<ConfigurationSchema> SchemaAsync(string name, string text)
    {
        await WriteAsync(name, text);
        var problems = new ProblemList();
        var schema = await ServiceConfiguration.SchemaOfAsync(Path.Combine(_folder, "config.yaml"), problems,
            TestContext.Current.CancellationToken);
        Assert.Empty(problems.Sorted());
        return schema;
    }

    private async Task<ConfigurationCheck> CheckAsync(string name, string schema, string config)
    {
        await WriteAsync(name, schema);
        await WriteAsync("config.yaml", config);
        return (await ServiceConfiguration.ReadAsync(_folder, SourceRequest.Usual, TestContext.Current.CancellationToken)).Check;
    }

    private Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(_folder, name), text, TestContext.Current.CancellationToken);
}
