using System.Globalization;
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
        List<string> removed = [];
        foreach (var container in all.Where(one => !IsKept(one.Labels)))
        {
            if (await TryRemoveAsync(engine, container.ID, cancellation))
                removed.Add(container.Names.FirstOrDefault()?.TrimStart('/') ?? container.ID);
        }

        return removed;
    }

    /// <summary>Removes one, whatever it does.</summary>
    /// <returns>False where it has gone already.</returns>
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
            // Somebody else has removed it, or is just doing so.
            return false;
        }
    }

    private static bool IsKept(IDictionary<string, string> labels) =>
        labels.TryGetValue(ContainerLabels.Keeper, out var keeper) && keeper.Split(':') is [var pid, var start]
            && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && new ProcessIdentity(number, ticks).IsAlive();
}
