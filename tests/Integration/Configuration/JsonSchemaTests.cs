using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Configuration;

/// <summary>The published JSON Schema before a validator that is not ours: Python's jsonschema.</summary>
public sealed class JsonSchemaTests : IAsyncDisposable
{
    private const string Validator = """
        import json, sys
        from jsonschema import Draft202012Validator
        schema, document = (json.load(open(path)) for path in sys.argv[1:])
        Draft202012Validator.check_schema(schema)
        for error in Draft202012Validator(schema).iter_errors(document):
            print(".".join(map(str, error.absolute_path)), error.message)
        """;

    private static readonly string Root = Path.GetFullPath("../../../../../..", Home.Executable);

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task It_is_itself_valid_and_accepts_the_sample()
    {
        var schema = await SchemaAsync();
        var root = await ReadAsync(Path.Combine(Root, "samples", "flask-ping", "config.yaml"));

        Assert.Equal("", await ValidateAsync(schema, root));
    }

    [Fact]
    public async Task It_accepts_a_template_of_all_keys()
    {
        var text = await ConfigurationVerbs.GetTemplateAsync(new ConfigTemplateRequest { Format = ConfigFormat.Json, Comments = false },
            TestContext.Current.CancellationToken);

        Assert.Equal("", await ValidateAsync(await SchemaAsync(), text));
    }

    [Theory]
    [InlineData("""{"service": {"helth": {}}}""", "'helth' was unexpected")]
    [InlineData("""{"service": {"ready": {"timeout": "soon"}}}""", "service.ready.timeout")]
    [InlineData("""{"local_port": 70000}""", "70000 is greater than the maximum of 65535")]
    [InlineData("""{"service": {"runner": "uvicron"}}""", "'uvicron' is not one of")]
    [InlineData("""{"TAGS": {"a": 1}}""", "TAGS")]
    public async Task It_refuses_what_we_refuse(string document, string error) =>
        Assert.Contains(error, await ValidateAsync(await SchemaAsync(), document), StringComparison.Ordinal);

    private static Task<string> SchemaAsync() =>
        File.ReadAllTextAsync(Path.Combine(Root, "docs", "config.schema.json"), TestContext.Current.CancellationToken);

    private static async Task<string> ReadAsync(string path)
    {
        var problems = new ProblemList();
        var root = await new FileSource(path).ReadAsync(problems, problems, TestContext.Current.CancellationToken);
        Assert.Empty(problems.Sorted());
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
            JsonValueWriter.Write(writer, root!);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private async Task<string> ValidateAsync(string schema, string document)
    {
        var folder = _home.Folder("schema");
        var schemaFile = Path.Combine(folder, "schema.json");
        var documentFile = Path.Combine(folder, "document.json");
        await File.WriteAllTextAsync(schemaFile, schema, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(documentFile, document, TestContext.Current.CancellationToken);
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Validator, schemaFile, documentFile])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(python.ExitCode == 0, await error);
        return await output;
    }
}
