using System.Text.Json.Serialization;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>A configuration that others push (<c>service.remote</c>): where it goes, and where it may come from beside orders.</summary>
public sealed record RemoteRule
{
    /// <summary>What the service reads; it gets the path in its environment.</summary>
    public const string Variable = "CONFIG_FILE";

    /// <summary>Absolute. As long as it is not there, the service waits for its first configuration.</summary>
    public required string File { get; init; }

    /// <summary>A JSON object that is merged over what is pushed; null for none.</summary>
    public string? Override { get; init; }

    /// <summary>The file that describes its keys; null where anything is right.</summary>
    public string? Schema { get; init; }

    /// <summary>A file whose content is pushed; null for none.</summary>
    public string? Watch { get; init; }

    /// <summary>A key of Consul's whose value is pushed; null for none.</summary>
    public string? ConsulKey { get; init; }

    /// <summary>Who has to be able to read the files that it names; null: whoever runs this.</summary>
    [JsonIgnore]
    public FileActor? Reader { get; init; }
}
