using System.Globalization;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Containers;

namespace ServiceCtl.Engine.Images;

/// <summary>The containers of services, by their labels: those that run, and those that have ended.</summary>
internal static class ServiceContainers
{
    /// <param name="tool">Of which engine.</param>
    /// <param name="home">Stands for the agent's folder, whose containers are meant; null for those of all agents.</param>
    /// <param name="isDetailed">Say everything that the engine knows.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>; <see cref="ErrorCode.RunnerMissing"/>.</exception>
    public static async Task<IReadOnlyList<PyServiceContainer>> ListAsync(
        ContainerTool tool, string? home, bool isDetailed, CancellationToken cancellation)
    {
        var ids = await tool.AskAsync("The containers can't be listed", cancellation,
            ["ps", "--all", "--quiet", "--no-trunc", "--filter", $"label={ContainerLabels.Service}",
                .. home is null ? [] : (string[])["--filter", $"label={ContainerLabels.Home}={home}"]]);
        string[] found = [.. ids.Select(line => line.Trim()).Where(line => line.Length == 64 && line.All(char.IsAsciiHexDigitLower))];
        if (found.Length == 0)
            return [];
        IReadOnlyList<string> lines;
        try
        {
            lines = await InspectAsync(tool, found, cancellation);
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.System && found.Length > 1)
        {
            // One has gone between the two questions.
            lines = [.. (await Task.WhenAll(found.Select(id => TryInspectAsync(tool, id, cancellation)))).SelectMany(one => one)];
        }

        return [.. lines.Select(line => Read(line, tool.Name, isDetailed)).OrderBy(one => one.Service, StringComparer.Ordinal)
            .ThenByDescending(one => one.Generation).ThenBy(one => one.Instance)];
    }

    /// <summary>Removes a container of a service, as <c>rm -f</c> does.</summary>
    /// <param name="tool">Of which engine.</param>
    /// <param name="container">Which; it has been listed, so it is a service's.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>.</exception>
    public static async Task RemoveAsync(ContainerTool tool, PyServiceContainer container, CancellationToken cancellation)
    {
        var run = await tool.RunAsync("/", null, cancellation, "rm", "--force", "--volumes", container.Id);
        if (run.Code != 0 && !run.Lines.Any(line => line.Contains("No such container", StringComparison.OrdinalIgnoreCase)))
            throw tool.Failed(ErrorCode.System, $"{container.Name} was not removed", run);
    }

    /// <summary>Reads what <c>inspect</c> of either engine prints.</summary>
    internal static PyServiceContainer Read(string json, string engine, bool isDetailed)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var labels = InspectJson.Labels(root);
        var state = InspectJson.Text(root, "State", "Status") ?? "unknown";
        var isAlive = state is "running" or "paused" or "restarting" or "created" or "configured" or "initialized";
        return new PyServiceContainer
        {
            Service = labels.GetValueOrDefault(ContainerLabels.Service) ?? "",
            Name = (InspectJson.Text(root, "Name") ?? "").TrimStart('/'),
            Id = InspectJson.Text(root, "Id") ?? "",
            Image = InspectJson.Text(root, "Config", "Image") ?? InspectJson.Text(root, "ImageName") ?? InspectJson.Text(root, "Image")
                ?? "",
            State = state,
            ExitCode = isAlive ? null : (int?)InspectJson.Number(root, "State", "ExitCode"),
            Error = InspectJson.Text(root, "State", "Error"),
            IsOutOfMemory = InspectJson.IsTrue(root, "State", "OOMKilled"),
            Generation = Number(labels, ContainerLabels.Generation),
            Instance = Number(labels, ContainerLabels.Instance),
            ProcessId = InspectJson.Number(root, "State", "Pid") is > 0 and var pid ? (int)pid : null,
            CreatedAt = InspectJson.Time(root, "Created"),
            StartedAt = InspectJson.Time(root, "State", "StartedAt"),
            FinishedAt = isAlive ? null : InspectJson.Time(root, "State", "FinishedAt"),
            Command = InspectJson.Text(root, "Path") is { } program ? [program, .. InspectJson.Strings(root, "Args")] : [],
            User = InspectJson.Text(root, "Config", "User"),
            IsReadOnly = InspectJson.IsTrue(root, "HostConfig", "ReadonlyRootfs"),
            Ports = [.. PortsOf(root)],
            Networks = NetworksOf(root),
            Mounts = [.. MountsOf(root)],
            Keeper = labels.GetValueOrDefault(ContainerLabels.Keeper),
            Inspection = isDetailed ? json : null,
            Engine = engine,
        };
    }

    private static async Task<IReadOnlyList<string>> InspectAsync(
        ContainerTool tool, IReadOnlyList<string> ids, CancellationToken cancellation) =>
        [.. (await tool.AskAsync("The containers can't be inspected", cancellation,
            ["inspect", "--type", "container", "--format", "{{json .}}", .. ids])).Where(line => line.StartsWith('{'))];

    private static async Task<IReadOnlyList<string>> TryInspectAsync(ContainerTool tool, string id, CancellationToken cancellation)
    {
        try
        {
            return await InspectAsync(tool, [id], cancellation);
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.System)
        {
            return [];
        }
    }

    private static int? Number(IReadOnlyDictionary<string, string> labels, string name) =>
        int.TryParse(labels.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static IEnumerable<string> PortsOf(JsonElement root)
    {
        if (InspectJson.Find(root, "HostConfig", "PortBindings") is not { ValueKind: JsonValueKind.Object } bindings)
            yield break;
        foreach (var inside in bindings.EnumerateObject().Where(inside => inside.Value.ValueKind == JsonValueKind.Array))
        {
            foreach (var outside in inside.Value.EnumerateArray())
            {
                var address = InspectJson.Text(outside, "HostIp") ?? "0.0.0.0";
                yield return $"{(address.Contains(':') ? $"[{address}]" : address)}:{InspectJson.Text(outside, "HostPort")}->{inside.Name}";
            }
        }
    }

    private static IReadOnlyList<string> NetworksOf(JsonElement root) =>
        InspectJson.Find(root, "NetworkSettings", "Networks") is { ValueKind: JsonValueKind.Object } networks
            && networks.EnumerateObject().Any() ? [.. networks.EnumerateObject().Select(network => network.Name)]
            : InspectJson.Text(root, "HostConfig", "NetworkMode") is { } mode ? [mode] : [];

    private static IEnumerable<string> MountsOf(JsonElement root)
    {
        if (InspectJson.Find(root, "Mounts") is not { ValueKind: JsonValueKind.Array } mounts)
            yield break;
        foreach (var mount in mounts.EnumerateArray())
        {
            var source = InspectJson.Text(mount, "Name") ?? InspectJson.Text(mount, "Source");
            yield return $"{source}:{InspectJson.Text(mount, "Destination")}"
                + (InspectJson.Find(mount, "RW") is { ValueKind: JsonValueKind.False } ? ":ro" : "");
        }
    }
}
