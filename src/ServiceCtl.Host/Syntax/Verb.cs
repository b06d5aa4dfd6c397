using System.CommandLine;
using System.CommandLine.Parsing;

namespace ServiceCtl.Host.Syntax;

/// <summary>A command, with what its help and man page say beyond its options.</summary>
internal sealed class Verb : Command
{
    /// <param name="name">The word.</param>
    /// <param name="description">One sentence for lists, and for the top of its own help.</param>
    /// <param name="examples">Command lines and what they do.</param>
    /// <param name="details">What the sentence leaves out.</param>
    public Verb(string name, string description, (string Line, string Does)[] examples, string? details = null)
        : base(name, description)
    {
        Examples = examples;
        Details = details;
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; }

    public string? Details { get; }

    /// <summary>What options must not contradict; each returns the complaint, or null. Asked only when every value could be read.</summary>
    public List<Func<ParseResult, string?>> Rules { get; } = [];

    /// <summary>Options of the verb above that are not for this one: its help and completion leave them out.</summary>
    public HashSet<string> Refused { get; } = [];

    /// <param name="options">Options of the verb above.</param>
    /// <param name="complaint">What whoever gives one reads, from the option's name.</param>
    public void Refuse(IEnumerable<string> options, Func<string, string> complaint)
    {
        foreach (var option in options.Where(Refused.Add))
            Rules.Add(parsed => parsed.GetResult(option) is OptionResult { Implicit: false } ? complaint(option) : null);
    }
}
