using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Checks;

/// <summary>Reads a service's tests.yaml, and tells everything that is wrong with it by line and column.</summary>
internal sealed partial class TestFileReader
{
    public const string FileName = "tests.yaml";

    private readonly ProblemList _problems = new();
    private readonly string _folder;
    private readonly TimeSpan? _limit;

    private TestFileReader(string folder, TimeSpan? limit)
    {
        _folder = folder;
        _limit = limit;
    }

    /// <param name="definition">Whose tests.</param>
    /// <param name="limit">For each test, whatever the file says; null for what it says.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>, <see cref="ErrorCode.ConfigInvalid"/> with every
    /// fault.</exception>
    public static async Task<TestFile> ReadAsync(ServiceDefinition definition, TimeSpan? limit, CancellationToken cancellation)
    {
        var path = Path.Combine(definition.Folder, FileName);
        if (!File.Exists(path))
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigNotFound, definition.Name, $"{definition.Name} has no tests: there is no {path}.",
                "Write one; the README of samples/flask-ping shows its form.");
        }

        var file = await ConfigurationReader.ReadAsync(
            [new FileSource(path, reader: SourceReaders.Of(definition.Actor))], TestFileKeys.File, definition.Folder, cancellation);
        return new TestFileReader(definition.Folder, limit).Read(file);
    }

    private TestFile Read(ResolvedConfiguration file)
    {
        var limit = file.Get(TestFileKeys.Timeout);
        var read = new TestFile
        {
            Integration = [
                .. Items(file, TestFileKeys.Integration, TestFileKeys.IntegrationTest).Select(item => ReadIntegration(item, limit))],
            Unit = [.. Items(file, TestFileKeys.Unit, TestFileKeys.UnitTest).Select(item => ReadUnit(item, limit))],
            Login = ReadLogin(file),
            TokenPlace = file.Get(TestFileKeys.AuthPlace),
            Mask = SecretMask.For(file),
        };
        return _problems.Count == 0 ? read : throw ConfigurationReader.Invalid(_problems.Sorted());
    }

    private Login? ReadLogin(ResolvedConfiguration file)
    {
        var user = file.GetOrNull(TestFileKeys.AuthUser);
        var password = file.GetOrNull(TestFileKeys.AuthPassword);
        if (user is null != password is null)
            _problems.Add(
                file.Problem(TestFileKeys.AuthUser, "`auth` needs both `user` and `passw`.",
                    "Write both, or neither: then they are asked for."));
        return user is null || password is null ? null : new Login(user, password);
    }

    /// <summary>The items of a list that are mappings and right by their schema; those that are not are reported.</summary>
    private IEnumerable<ResolvedConfiguration> Items(ResolvedConfiguration file, SchemaKey<ConfigSequence> key, ConfigurationSchema schema)
    {
        foreach (var item in file.Get(key).Items)
        {
            if (item is not ConfigMapping mapping)
            {
                _problems.Add(item.Origin, key.Path, $"A test of `{key.Path}` should be a mapping, and this is {item.Description}.",
                    "Write `- name: …` with its other keys below.");
                continue;
            }

            var before = _problems.Count;
            var bound = SchemaBinder.Bind(mapping, schema, _folder, isComplete: true, _problems, new ProblemList());
            if (_problems.Count == before)
                yield return new ResolvedConfiguration(mapping, schema, bound, []);
        }
    }

    private IntegrationTest ReadIntegration(ResolvedConfiguration item, TimeSpan limit)
    {
        var path = item.Get(TestFileKeys.Path);
        if (!path.StartsWith('/'))
            _problems.Add(item.Problem(TestFileKeys.Path, $"`{path}` is not a path on the service.", "Begin it with `/`."));
        return new IntegrationTest
        {
            Name = item.Get(TestFileKeys.Name),
            Request = Json(item, TestFileKeys.Request),
            Expected = Json(item, TestFileKeys.Expected),
            Path = path,
            Critical = item.Get(TestFileKeys.Critical),
            Limit = LimitOf(item, limit),
            Origin = item.Root.Origin,
        };
    }

    private UnitTest ReadUnit(ResolvedConfiguration item, TimeSpan limit)
    {
        RequireDottedName(item, TestFileKeys.From);
        RequireDottedName(item, TestFileKeys.Import);
        return new UnitTest
        {
            Name = item.Get(TestFileKeys.Name),
            From = item.GetOrNull(TestFileKeys.From),
            Import = item.Get(TestFileKeys.Import),
            // A null that is written means None, not the default.
            Expected = item.Find(TestFileKeys.Returned.Path) is { IsNull: true } ? null : Json(item, TestFileKeys.Returned),
            Critical = item.Get(TestFileKeys.Critical),
            Limit = LimitOf(item, limit),
            Origin = item.Root.Origin,
        };
    }

    private TimeSpan LimitOf(ResolvedConfiguration item, TimeSpan limit) => _limit ?? item.GetNullable(TestFileKeys.TestTimeout) ?? limit;

    private JsonNode? Json(ResolvedConfiguration item, SchemaKey<ConfigValue> key) => JsonValues.Read(item.Get(key), key.Path, _problems);

    private void RequireDottedName(ResolvedConfiguration item, SchemaKey<string> key)
    {
        if (item.GetOrNull(key) is { } name && !DottedName().IsMatch(name))
            _problems.Add(
                item.Problem(key, $"`{name}` is not a name that Python can import.",
                    "Write it as in `from X import Y`, without the words `from` and `import`."));
    }

    [GeneratedRegex(@"\A[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex DottedName();
}
