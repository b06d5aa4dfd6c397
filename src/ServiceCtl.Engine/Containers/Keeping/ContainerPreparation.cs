using System.Diagnostics;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Containers.Keeping;

/// <summary>
/// What may take long, and is done before a launch: the image is built or pulled, the network made, and what a killed keeper has left is
/// removed. While a restart does that, the old container serves.
/// </summary>
public static class ContainerPreparation
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    /// <param name="spec">What is to be launched.</param>
    /// <param name="said">Hears what was found.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException">What is missing, with its remedy.</exception>
    public static async Task RunAsync(ContainerSpec spec, Action<string> said, CancellationToken cancellation)
    {
        using var engine = ContainerEngine.Find(spec.Engine);
        await RequireAsync(engine, cancellation);
        if (spec.Build is { } folder)
            await RunCommandAsync(
                engine, spec, $"build {spec.Image}",
                ["build", "--tag", spec.Image, "--label", $"{ImageLabels.Service}={spec.Service}",
                    .. spec.PullsAlways ? (string[])["--pull"] : [], folder],
                cancellation);
        else
            await PullAsync(engine, spec, cancellation);
        try
        {
            if (ContainerRequest.IsNamed(spec.Network))
                await EnsureNetworkAsync(engine, spec.Network, cancellation);
            foreach (var name in await StrayContainers.RemoveAsync(engine, spec.Home, spec.Service, cancellation))
                said($"The container {name} was removed: its keeper had ended.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw engine.Explain(error, $"prepare {spec.Service}");
        }
    }

    /// <summary>
    /// Removes what a keeper that was killed has left, again and again until nothing is left: an engine that was just restarted may
    /// take its time, or refuse.
    /// </summary>
    /// <param name="spec">What was launched.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException">There is no engine.</exception>
    public static async Task CleanUpAsync(ContainerSpec spec, CancellationToken cancellation)
    {
        using var engine = ContainerEngine.Find(spec.Engine);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await StrayContainers.RemoveAsync(engine, spec.Home, spec.Service, cancellation);
                if ((await StrayContainers.FindAsync(engine, spec.Home, spec.Service, cancellation)).Count == 0)
                    return;
            }
            catch (Exception error) when (ContainerEngine.IsTrouble(error))
            {
                // It does not answer yet.
            }

            await Task.Delay(Again, cancellation);
        }
    }

    private static async Task RequireAsync(ContainerEngine engine, CancellationToken cancellation)
    {
        try
        {
            await engine.Client.System.PingAsync(cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw engine.Explain(error, "answer");
        }
    }

    private static async Task PullAsync(ContainerEngine engine, ContainerSpec spec, CancellationToken cancellation)
    {
        var isThere = await IsThereAsync(engine, spec.Image, cancellation);
        if (isThere && !spec.PullsAlways)
            return;
        if (spec.PullsNever)
            throw new ServiceCtlException(
                ErrorCode.RunnerMissing, spec.Image, $"The image {spec.Image} is not here, and service.container.pull is never.",
                $"Pull it ('{engine.Name} pull {spec.Image}'), or set service.container.pull to missing.");
        await RunCommandAsync(engine, spec, $"pull {spec.Image}", ["pull", spec.Image], cancellation);
    }

    private static async Task<bool> IsThereAsync(ContainerEngine engine, string image, CancellationToken cancellation)
    {
        try
        {
            await engine.Client.Images.InspectImageAsync(image, cancellation);
            return true;
        }
        catch (DockerApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw engine.Explain(error, $"look for {image}");
        }
    }

    private static async Task EnsureNetworkAsync(ContainerEngine engine, string name, CancellationToken cancellation)
    {
        try
        {
            await engine.Client.Networks.InspectNetworkAsync(name, cancellation);
        }
        catch (DockerApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            try
            {
                await engine.Client.Networks.CreateNetworkAsync(
                    new NetworksCreateParameters { Name = name, Driver = "bridge", Attachable = true }, cancellation);
            }
            catch (DockerApiException race) when (race.StatusCode == HttpStatusCode.Conflict)
            {
                // Another service of this host has made it meanwhile.
            }
        }
    }

    /// <summary>By the engine's own command, which knows the user's registries and credential helpers, and BuildKit.</summary>
    private static async Task RunCommandAsync(
        ContainerEngine engine, ContainerSpec spec, string doing, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(engine.Name) { WorkingDirectory = "/" };
        foreach (var word in engine.CommandWords.Concat(arguments))
            start.ArgumentList.Add(word);
        foreach (var (name, value) in engine.CommandEnvironment)
            start.Environment[name] = value;
        start.Environment.Remove(ContainerSpec.Variable);
        Process command;
        try
        {
            command = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new ServiceCtlException(
                ErrorCode.RunnerMissing, engine.Name, $"The command '{engine.Name}' is missing, which is needed to {doing}.",
                $"Install it ('apt install {(engine.Name == "podman" ? "podman" : "docker.io")}'), or {doing} some other way.", error);
        }

        using (command)
        {
            await command.WaitForExitAsync(cancellation);
            if (command.ExitCode != 0)
                throw new ServiceCtlException(
                    ErrorCode.RunnerMissing, spec.Service, $"{engine.Name} can't {doing}: it ended with exit code {command.ExitCode}.",
                    spec.Build is { } folder ? $"The log lines say why. Try '{engine.Name} build {folder}'."
                        : $"The log lines say why. Check service.container.image, and log in to its registry with '{engine.Name} login'.");
        }
    }
}
