using System.CommandLine;

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
}
