using System.Runtime.Versioning;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Containers;
using ServiceCtl.Engine.Containers.Keeping;

namespace ServiceCtl.Client;

/// <summary>What <c>servicectl agent container</c> does: it keeps one container, or prepares or clears up for that.</summary>
[SupportedOSPlatform("linux")]
public static class ContainerKeeping
{
    /// <summary>Runs the container that the environment describes until it ends.</summary>
    /// <param name="output">Gets what it prints.</param>
    /// <param name="errors">The same of its errors.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="ServiceCtlException">There is no description, or no container.</exception>
    public static async Task<int> KeepAsync(Stream output, Stream errors)
    {
        using var keeper = new ContainerKeeper(Spec(), output, errors);
        return await keeper.RunAsync();
    }

    /// <summary>Builds or pulls the image, and makes the network.</summary>
    /// <param name="said">Hears what was found.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException">There is no description, or something is missing.</exception>
    public static Task PrepareAsync(Action<string> said, CancellationToken cancellation) =>
        ContainerPreparation.RunAsync(Spec(), said, cancellation);

    /// <summary>Removes what a keeper that was killed has left.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException">There is no description, or no engine.</exception>
    public static Task CleanUpAsync(CancellationToken cancellation) => ContainerPreparation.CleanUpAsync(Spec(), cancellation);

    /// <summary>The failure as whoever has launched it reads it.</summary>
    public static string Describe(ServiceCtlException error) => ContainerFailure.Of(error).ToString();

    private static ContainerSpec Spec() =>
        ContainerSpec.Parse(Environment.GetEnvironmentVariable(ContainerSpec.Variable)) ?? throw new ServiceCtlException(
            ErrorCode.InvalidArgument, ContainerSpec.Variable, $"{ContainerSpec.Variable} describes no container.",
            "The agent runs this. To start a container, start its service: 'servicectl start NAME'.");
}
