namespace ServiceCtl.Client;

/// <summary>A registered service, by what the agent or the catalog on disk says of it.</summary>
/// <param name="Name">The name it goes by.</param>
/// <param name="ConfigPath">Absolute path of the file that defines it; of its folder, with a slash at the end, where several do.</param>
/// <param name="Sources">Where its configuration is searched, as it was registered; null: where its folder says.</param>
/// <param name="User">Whom root's agent runs it as; null where nothing was noted, and where an agent was asked: it does not say.</param>
internal sealed record KnownService(string Name, string ConfigPath, IReadOnlyList<string>? Sources, string? User);
