using System.Text;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Sources;

namespace ServiceCtl.Benchmarks.Configuration;

/// <summary>Fifty files of a hundred keys each: numbers, texts, booleans, two levels of sections.</summary>
internal sealed class SampleFiles : IDisposable
{
    public const int KeyCount = Count * KeysPerFile;

    public static readonly IReadOnlyList<string> Json = ["json"];
    public static readonly IReadOnlyList<string> Mixed = ["json", "yaml", "toml", "ini"];

    private const int Count = 50;
    private const int KeysPerFile = 100;

    public SampleFiles(IReadOnlyList<string> formats)
    {
        Folder = Directory.CreateTempSubdirectory("servicectl-bench-").FullName;
        Files = [.. Enumerable.Range(0, Count).Select(number => Path.Combine(Folder, $"{number:00}.{formats[number % formats.Count]}"))];
        foreach (var (number, file) in Files.Index())
            File.WriteAllText(file, Text(number, Path.GetExtension(file), turn: 0));
    }

    public static ConfigurationSchema Schema { get; } = new(
        [],
        [.. Enumerable.Range(0, Count)
            .Select(number =>
                new SchemaKey<int>($"section{number:00}.turn", ConfigTypes.Integer(0, int.MaxValue), "The turn.") { IsRequired = true })]);

    public string Folder { get; }

    public IReadOnlyList<string> Files { get; }

    public ConfigurationPlan Plan => new() { Folder = Folder, Places = [SearchPlace.Parse("./*.{json,yaml,toml,ini}")] };

    public void Change(int turn) => File.WriteAllText(Files[7], Text(7, Path.GetExtension(Files[7]), turn));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Text(int number, string extension, int turn)
    {
        var text = new StringBuilder();
        var inner = Enumerable.Range(0, KeysPerFile - 1).Select(
            key => ($"key{key:00}", key % 3 == 0 ? $"{key * 17}" : key % 3 == 1 ? "true" : $"\"value {key} of some length\"")).ToArray();
        switch (extension)
        {
            case ".json":
                text.Append($"{{\n  \"section{number:00}\": {{\n    \"turn\": {turn},\n    \"inner\": {{\n");
                text.AppendJoin(",\n", inner.Select(pair => $"      \"{pair.Item1}\": {pair.Item2}")).Append("\n    }\n  }\n}\n");
                break;
            case ".yaml":
                text.Append($"section{number:00}:\n  turn: {turn}\n  inner:\n")
                    .AppendJoin('\n', inner.Select(pair => $"    {pair.Item1}: {pair.Item2}"));
                break;
            default:
                text.Append($"[section{number:00}]\nturn = {turn}\n[section{number:00}.inner]\n")
                    .AppendJoin('\n', inner.Select(pair => $"{pair.Item1} = {pair.Item2}"));
                break;
        }

        return text.ToString();
    }
}
