using System.Text.Json;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Fuzz.Targets;

/// <summary>A service's configuration in one format: checked, shown, and read as a start reads it.</summary>
internal sealed class ConfigurationTarget : IFuzzTarget
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-fuzz-").FullName;
    private readonly string _file;

    public ConfigurationTarget(string format)
    {
        _file = Path.Combine(_folder, $"config.{format}");
    }

    public IReadOnlyList<string> Dictionary { get; } =
    [
        .. ConfigurationVerbs.Keys.Select(key => key.Key), "service", "uwsgi", "!join [", "&a ", "*a", "<<: *a", "!env X", "!include ",
        "!!python/object", "---\n", "...\n", "? ", "- ", "|\n  ", ">-\n ", "[[a.b]]\n", "[a.b]\n",
        "{a = 1}", "\"\"\"", "'''", "${A:-${B}}", "export A=1\n", "DB__HOST=x\n", "10s", "16M", "127.0.0.1:80", "unix:/tmp/x",
        "regex:(a+)+$", "\\ud800", "\"$ref\": \"#\"", "(?<!a)(b|b)*c", "password: hunter2hunter2\n",
    ];

    public async Task<string> RunAsync(byte[] input)
    {
        await File.WriteAllBytesAsync(_file, input);
        var check = await ConfigurationVerbs.CheckAsync(new ConfigQuery { Path = _file }, withSettings: true, CancellationToken.None);
        JsonSerializer.SerializeToUtf8Bytes([check], ServiceConfigJson.Default.IReadOnlyListServiceConfigCheck);
        foreach (var problem in check.Problems.Concat(check.Warnings))
            Require(problem);
        try
        {
            var definition = await ServiceDefinitionReader.ReadAsync(_file, "fuzzed", CancellationToken.None);
            return $"read {definition.Mask.MaskText(definition.ToString()).Length > 0} {check.IsValid}";
        }
        catch (ServiceCtlException refused) when (refused.Code is not ErrorCode.Internal)
        {
            return check.Problems.Count > 0 ? check.Problems[0].Message : refused.Message;
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static void Require(ConfigurationProblem problem)
    {
        if (problem.Message.Contains("Exception", StringComparison.Ordinal) || problem.Message.Length == 0)
            throw new FaultException($"A problem in the words of .NET: {problem.Message}");
        if (problem is { Line: <= 0 } or { Column: <= 0 })
            throw new FaultException($"A place that is none: {problem.Line}:{problem.Column}");
        _ = VisibleText.Of(problem.ToString());
    }
}
