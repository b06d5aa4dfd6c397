using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>Who hears of a service (<c>alerts</c>).</summary>
public sealed record AlertRule
{
    /// <summary>How alerts name this host; null for its own name.</summary>
    public string? MachineName { get; init; }

    /// <summary>How often it goes down within a time before alerts about that wait until it has settled.</summary>
    public Rate Flapping { get; init; } = AlertKeys.Flapping.Usual;

    /// <summary>Each once, whatever it hears.</summary>
    public IReadOnlyList<AlertDestination> Destinations { get; init; } = [];

    /// <summary>The same of a service for whose files root acts as somebody else: the program that takes mail is one of them.</summary>
    internal AlertRule For(FileActor? actor) => this with
    {
        Destinations =
        [
            .. Destinations.Select(one => one.IsProgram
                ? one with { User = actor is { IsAlways: true } ? actor.User : null } : one),
        ],
    };
}
