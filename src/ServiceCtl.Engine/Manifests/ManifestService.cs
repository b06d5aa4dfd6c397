using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners.Programs;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Manifests;

/// <summary>What every target wants to know of a service, hardened where nothing says otherwise.</summary>
internal sealed record ManifestService
{
    private ManifestService(ServiceReading reading)
    {
        Reading = reading;
    }

    public ServiceReading Reading { get; }

    public ServiceDefinition Definition => Reading.Definition;

    public string Name => Definition.Name;

    /// <summary>Has it <c>runner: container</c>? Of any other the image is still to be built.</summary>
    public bool IsContainer => Definition.Container is not null;

    public required ContainerRule Container { get; init; }

    /// <summary>
    /// Instead of the image's own; none: the image's. What it says about its address is that of the container; the number of a socket that
    /// nobody passes there is left as it is written.
    /// </summary>
    public IReadOnlyList<string> Command => !IsContainer ? [] : NamesDescriptor ? Definition.Command
        : SocketPlaceholders.ReplaceInside(Definition, Definition.Command, [.. Ports.Select(each => each.Port)], hasSocket: false);

    /// <summary>Does its command expect a socket that an agent has passed?</summary>
    public bool NamesDescriptor => IsContainer && SocketPlaceholders.NamesDescriptor(Definition.Command);

    /// <summary>Variables that are no secrets, by name.</summary>
    public required IReadOnlyList<(string Name, string Value)> Environment { get; init; }

    /// <summary>Those that are.</summary>
    public required IReadOnlyList<(string Name, string Value)> Secrets { get; init; }

    /// <summary>The TCP addresses of the host, each with the port inside.</summary>
    public required IReadOnlyList<(ListenAddress Address, int Port)> Ports { get; init; }

    /// <summary>Null where nothing can be asked from inside.</summary>
    public ManifestProbe? Probe { get; init; }

    public required IReadOnlyList<ManifestVolume> Volumes { get; init; }

    /// <summary>Those that it keeps; null: all.</summary>
    public required IReadOnlyList<string>? Capabilities { get; init; }

    public bool NoNewPrivileges => Definition.Sandbox.NoNewPrivileges ?? true;

    public bool OnHost => Container.Network == "host";

    /// <summary>Null for a service without a network of its own.</summary>
    public string? Network => Container.Network is "host" or "none" ? null : Container.Network;

    public static ManifestService Of(ServiceReading reading)
    {
        var definition = reading.Definition;
        var container = definition.Container
            ?? new ContainerRule { Image = $"{definition.Name.ToLowerInvariant()}:latest", Build = definition.Folder };
        var addresses = definition.Listens.Where(address => address.EndPoint is not null)
            .Select(address => (address, container.Network == "host" ? address.EndPoint!.Port : container.Port ?? address.EndPoint!.Port));
        (ListenAddress, int)[] ports = [.. addresses];
        var variables = definition.Environment.OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .ToLookup(variable => definition.Mask.Hides(variable.Key, variable.Value),
                variable => (variable.Key, variable.Value));
        return new ManifestService(reading)
        {
            Container = container,
            Environment = [.. variables[false]],
            Secrets = [.. variables[true]],
            Ports = ports,
            Probe = ManifestProbe.Of(definition.Ready.HttpPath, ports.Length > 0 ? ports[0].Item2 : container.Port, definition.Ready.Probe),
            Volumes = [.. container.Volumes.Select(ManifestVolume.Of)],
            Capabilities = definition.Sandbox.Capabilities is { } kept ? kept.Contains(ScopeSandbox.All) ? null : kept : [],
        };
    }

    /// <summary>Would this text tell a secret?</summary>
    public bool IsSecret(string text) => Definition.Mask.Hides(text);
}
