using System.CommandLine;
using ServiceCtl.Host;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Tests.Unit.Commands;

/// <summary>Command lines made of everything that servicectl knows, and of much that it does not. The same ones in each run.</summary>
internal sealed class ArgumentVectors(int seed)
{
    private static readonly string[] Values =
    [
        "web", "*", "!web", "web-[12]", "[", "-1", "0", "10s", "1d", "500ms", "10x", "abc", "99999", "99999999999999999999", "1e400", "NaN",
        "", " ", "\u0001", "\e[31m",
        "on", "off", "yaml", "sysv", "crashed", "config-*", "key=value", "=", "--", "-", "@nosuch", "[suggest]", "[diagram]", "имя",
        "\ud83d\ude00", "a,b", ",", "/dev/null/x", "./nosuch", "{}", "'", "\"", new string('x', 5000),
        "servicectl", "--help", "-q", "-v", "-xyz", "--nosuch", "--json=maybe", "--timeout=10s", "--timeout=", "-n5", "-n",
        "2026-13-45T99:99",
    ];

    private readonly Random _random = new(seed);
    private readonly RootCommand _root = CommandLine.CreateRoot();

    public string[] Next()
    {
        Command command = _root;
        var words = new List<string>();
        while (command.Subcommands.Count > 0 && (words.Count == 0 || _random.Next(2) == 0))
        {
            command = command.Subcommands[_random.Next(command.Subcommands.Count)];
            words.Add(command.Name);
        }

        var options = UsageErrors.OptionsOf(command).ToArray();
        for (var count = _random.Next(6); count > 0; count--)
        {
            if (_random.Next(3) > 0)
                words.Add(Spelling(options[_random.Next(options.Length)]));
            if (_random.Next(4) > 0)
                words.Add(Values[_random.Next(Values.Length)]);
        }

        // Now and then a word is mistyped, or stands elsewhere.
        if (_random.Next(8) == 0 && words[0].Length > 2)
            words[0] = words[0][1..];
        if (_random.Next(8) == 0)
            words.Insert(_random.Next(words.Count + 1), Values[_random.Next(Values.Length)]);
        return [.. words];
    }

    private string Spelling(Option option)
    {
        string[] names = [option.Name, .. option.Aliases];
        var name = names[_random.Next(names.Length)];
        return _random.Next(4) == 0 ? $"{name}={Values[_random.Next(Values.Length)]}" : name;
    }
}
