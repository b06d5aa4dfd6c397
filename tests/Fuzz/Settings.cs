using System.Security.Cryptography;

namespace ServiceCtl.Tests.Fuzz;

/// <summary>What was asked for on the command line.</summary>
internal sealed record Settings
{
    public required double Minutes { get; init; }

    public required int Seed { get; init; }

    /// <summary>A folder for each target.</summary>
    public required string Corpus { get; init; }

    /// <summary>Where inputs go that have found a fault.</summary>
    public required string Faults { get; init; }

    /// <summary>The command, for targets that are a whole agent.</summary>
    public required string Command { get; init; }

    /// <summary>The target of this process; null for the one that starts the others.</summary>
    public string? Target { get; init; }

    public static Settings Parse(string[] arguments)
    {
        var given = arguments.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new Settings
        {
            Minutes = double.Parse(given.GetValueOrDefault("--minutes") ?? "1", System.Globalization.CultureInfo.InvariantCulture),
            Seed = int.Parse(given.GetValueOrDefault("--seed") ?? "1", System.Globalization.CultureInfo.InvariantCulture),
            Corpus = given["--corpus"],
            Faults = given["--faults"],
            Command = given["--command"],
            Target = given.GetValueOrDefault("--target"),
        };
    }

    public string CorpusOf(string target) => Path.Combine(Corpus, target);

    public string Current(string target) => Path.Combine(Faults, $"{target}.current");

    /// <summary>Writes what was found and says it. One fault is mostly found by many inputs: the file is named by the fault.</summary>
    public void Keep(string target, byte[] input, string fault)
    {
        var lines = fault.Split('\n');
        var kind = string.Concat(
            lines.Where(line => line.TrimStart().StartsWith("at ServiceCtl", StringComparison.Ordinal)).Take(2)
                .Prepend(lines[0].Split(':')[0]));
        var file = Path.Combine(Faults,
            $"{target}-{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(kind)))[..8]}");
        if (File.Exists(file))
            return;
        File.WriteAllBytes(file, input);
        Console.WriteLine($"{target}: FAULT with the {input.Length} bytes of {file}:\n  {string.Join("\n  ", lines.Take(12))}");
    }
}
