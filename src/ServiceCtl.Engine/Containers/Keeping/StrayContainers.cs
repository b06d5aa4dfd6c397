using System.Globalization;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Containers.Keeping;

/// <summary>Containers of a service whose keeper was killed: nobody would end them any more.</summary>
internal static class StrayContainers
{
    /// <summary>Removes those of one service of one agent, and ends them where they run.</summary>
    /// <returns>Their names.</returns>
    public static async Task<IReadOnlyList<string>> RemoveAsync(
        ContainerEngine engine, string home, string service, CancellationToken cancellation)
    {
        List<string> removed = [];
        foreach (var container in await FindAsync(engine, home, service, cancellation))
        {
            if (await TryRemoveAsync(engine, container.ID, cancellation))
                removed.Add(container.Names.FirstOrDefault()?.TrimStart('/') ?? container.ID);
        }

        return removed;
    }

    public static async Task<IReadOnlyList<ContainerListResponse>> FindAsync(
        ContainerEngine engine, string home, string service, CancellationToken cancellation)
    {
        var all = await engine.Client.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = true,
                Filters = new Dictionary<string, IDictionary<string, bool>>
                {
                    ["label"] = new Dictionary<string, bool>
                    {
                        [$"{ContainerLabels.Home}={home}"] = true,
                        [$"{ContainerLabels.Service}={service}"] = true,
                    },
                },
            },
            cancellation);
        return [.. all.Where(one => !IsKept(one.Labels))];
    }

    /// <summary>Removes one, whatever it does.</summary>
    /// <returns>False where it has gone already, or the engine refuses.</returns>
    public static async Task<bool> TryRemoveAsync(ContainerEngine engine, string id, CancellationToken cancellation)
    {
        try
        {
            await engine.Client.Containers.RemoveContainerAsync(
                id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellation);
            return true;
        }
        catch (DockerApiException error) when ((int)error.StatusCode is 404 or 409)
        {
            // Somebody else has removed it, or is just doing so; or it can't be ended now.
            return false;
        }
    }

    /// <summary>Removes one, and tells whether the engine knows nothing of it any more.</summary>
    public static async Task<bool> IsGoneAsync(ContainerEngine engine, string id, CancellationToken cancellation)
    {
        if (await TryRemoveAsync(engine, id, cancellation))
            return true;
        try
        {
            await engine.Client.Containers.InspectContainerAsync(id, cancellation);
            return false;
        }
        catch (DockerApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return true;
        }
    }

    private static bool IsKept(IDictionary<string, string> labels) =>
        labels.TryGetValue(ContainerLabels.Keeper, out var keeper) && keeper.Split(':') is [var pid, var start]
            && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && new ProcessIdentity(number, ticks).IsAlive();
}
