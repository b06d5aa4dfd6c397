using System.Collections;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Sources;

namespace ServiceCtl.Engine.Services;

/// <summary>What is to be read for a service beside, or instead of, what its folder says.</summary>
public sealed record SourceRequest
{
    private static readonly SourceKind[] Kinds = Enum.GetValues<SourceKind>();

    public static SourceRequest Usual { get; } = new();

    /// <summary>As it was given; empty where nothing was.</summary>
    public IReadOnlyList<string> Words { get; private init; } = [];

    /// <summary>Where files are searched, lowest first, instead of where the folder says; null: there.</summary>
    public IReadOnlyList<SearchPlace>? Places { get; init; }

    /// <summary>The kinds of sources, lowest first; null for the order that the folder says.</summary>
    public IReadOnlyList<SourceKind>? Order { get; init; }

    /// <summary>What the words of <c>--source</c> ask for: places, and kinds of sources, which give their order.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: one can't be understood.</exception>
    public static SourceRequest Of(IReadOnlyList<string>? words)
    {
        // Who speaks an older version of the API says nothing of them.
        if (words is null or [])
            return Usual;
        var places = new List<SearchPlace>();
        var order = new List<SourceKind>();
        foreach (var word in words)
        {
            if (KindOf(word) is { } kind)
                Take(kind);
            else
                places.Add(Parse(word));
            if (KindOf(word) is null && !order.Contains(SourceKind.Files))
                Take(SourceKind.Files);
        }

        // What is given with a command is meant to count, and a place alone says nothing of the others.
        SourceKind[] all = words.Any(word => KindOf(word) is not null)
            ? [.. order.Except([SourceKind.Options]), SourceKind.Options] : Kinds;
        return new SourceRequest { Words = words, Places = places.Count > 0 ? places : null, Order = all };

        void Take(SourceKind kind)
        {
            if (!order.Contains(kind))
                order.Add(kind);
        }
    }

    /// <summary>Whether a folder needs no file that makes it a service's: it is said where the configuration is.</summary>
    internal bool NeedsNoFile => Places is not null || Order?.Contains(SourceKind.Files) == false;

    /// <summary>Dotted paths with the texts of their values, over all other sources.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>
    /// Whom root runs the service as. Where others than root can change the configuration, root reads no file for it that this user may
    /// not read; null: nobody is known yet.
    /// </summary>
    public string? User { get; init; }

    /// <summary>The environment, where it is the service's own; null where it is somebody's session.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>The same, searched in a release instead of behind the link to it.</summary>
    internal SourceRequest In(ReleasePlace release)
    {
        string[] words = [.. Words.Select(release.Resolve)];
        return words.SequenceEqual(Words) ? this : Of(words) with { Settings = Settings, Environment = Environment, User = User };
    }

    /// <summary>The environment of this process, where that is the service's own.</summary>
    public static IReadOnlyDictionary<string, string> OwnEnvironment() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

    private static SourceKind? KindOf(string word) =>
        Array.FindIndex(Kinds,
            kind => string.Concat(word.Split('_', '-')).Equals(kind.ToString(), StringComparison.OrdinalIgnoreCase)) is var index and >= 0
            ? Kinds[index] : null;

    private static SearchPlace Parse(string word)
    {
        try
        {
            return SearchPlace.Parse(word);
        }
        catch (FormatException fault)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, word, $"The source `{word}` can't be understood: {fault.Message}",
                "Name a file, a folder, a pattern such as 'config/**/*.yaml', or one of files, environment, env-files and options.", fault);
        }
    }
}
