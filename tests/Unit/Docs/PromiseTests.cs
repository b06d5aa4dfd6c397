using System.Text.RegularExpressions;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Host;

namespace ServiceCtl.Tests.Unit.Docs;

/// <summary>What docs/reference/seed-003.md names is there. Functions of cordio are looked up by cordio's own tests.</summary>
public sealed partial class PromiseTests
{
    private static readonly string[] Named =
    [
        .. File.ReadAllLines(Path.Combine(Repository.Root, "docs", "reference", "seed-003.md"))
            .Where(line => line.StartsWith('|')).SelectMany(line => Code().Matches(line.Split('|')[2]))
            .Select(match => match.Groups[1].Value).Distinct(),
    ];

    public static TheoryData<string> Commands => [.. Named.Where(name => name.StartsWith("servicectl ", StringComparison.Ordinal))];

    public static TheoryData<string> Cmdlets => [.. Named.Where(name => Cmdlet().IsMatch(name))];

    public static TheoryData<string> Keys => [.. Named.Where(name => Key().IsMatch(name))];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_is_there(string text)
    {
        var words = text.Split(' ')[1..];
        var command = (System.CommandLine.Command)CommandLine.CreateRoot();
        foreach (var word in words)
        {
            if (word.StartsWith('-'))
                Assert.Contains(command.Options, option => option.Name == word || option.Aliases.Contains(word));
            else
                command = Assert.Single(command.Subcommands, sub => sub.Name == word);
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_is_there(string name)
    {
        var manifest = File.ReadAllText(Path.Combine(Repository.Root, "module", "ServiceCtl.psd1"));
        Assert.Contains($"'{name}'", manifest, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_or_section_is_there(string name)
    {
        var path = name.Split(':')[0];
        Assert.True(
            ServiceSchema.Schema.Find(path) is not null || ServiceSchema.Schema.Sections.Any(section => section.Path == path), path);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^[A-Z][a-z]+-PyService")]
    private static partial Regex Cmdlet();

    [GeneratedRegex("^service\\.")]
    private static partial Regex Key();
}
