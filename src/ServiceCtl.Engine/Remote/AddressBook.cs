using System.Collections.Immutable;

namespace ServiceCtl.Engine.Remote;

/// <summary>
/// The addresses of the modules that a service knows, and which of them the generation that serves has still to be told. Immutable; knows
/// no process and no clock. Of each module only the last word counts.
/// </summary>
internal sealed record AddressBook
{
    private AddressBook()
    {
    }

    public static AddressBook Empty { get; } = new();

    public ImmutableSortedDictionary<string, IReadOnlyList<string>> Hosts { get; private init; } = ImmutableSortedDictionary.Create<string,
        IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Modules whose addresses have to be told to who serves now; empty while nobody does.</summary>
    public ImmutableSortedSet<string> Untold { get; private init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The number of the generation that serves; null for none.</summary>
    public int? Generation { get; private init; }

    public static AddressBook Of(IReadOnlyDictionary<string, IReadOnlyList<string>> hosts) =>
        Empty with { Hosts = Empty.Hosts.AddRange(hosts) };

    /// <summary>Somebody told where a module is. The same again changes nothing.</summary>
    public AddressBook With(string module, IReadOnlyList<string> hosts) =>
        Hosts.TryGetValue(module, out var known) && known.SequenceEqual(hosts)
            ? this
            : this with { Hosts = Hosts.SetItem(module, hosts), Untold = Generation is null ? Untold : Untold.Add(module) };

    /// <summary>A generation begins to serve: it knows nothing yet.</summary>
    public AddressBook Begin(int generation) => this with { Generation = generation, Untold = [.. Hosts.Keys] };

    /// <summary>Nobody serves any more.</summary>
    public AddressBook End() => this with { Generation = null, Untold = Untold.Clear() };

    /// <summary>A generation was sent something, or refused to hear it. If that is the last word, to who serves now, it is done.</summary>
    public AddressBook Reported(int generation, ModuleAddresses told) =>
        Generation == generation && Hosts[told.Module].SequenceEqual(told.Hosts) ? this with { Untold = Untold.Remove(told.Module) } : this;
}
