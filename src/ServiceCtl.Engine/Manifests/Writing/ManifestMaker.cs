using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>Makes the files by which compose, a swarm or Kubernetes run services. Touches none.</summary>
internal static class ManifestMaker
{
    /// <param name="readings">The services, each after those that it requires.</param>
    /// <param name="request">What is to be made.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: a secret is where no variable can stand for it;
    /// two services would have one name.</exception>
    public static IReadOnlyList<PyServiceManifest> Make(IReadOnlyList<ServiceReading> readings, ManifestRequest request)
    {
        ManifestService[] services = [.. readings.Select(ManifestService.Of)];
        foreach (var service in services)
            RequireNoSecretInWords(service);
        return request.Target == ManifestTarget.Kubernetes
            ? KubernetesManifests.Of(services)
            : [ComposeManifest.Of(services, request)];
    }

    /// <summary>A command line is shown to everybody by the kernel, and by what reads the manifest.</summary>
    private static void RequireNoSecretInWords(ManifestService service)
    {
        var ready = service.Definition.Ready;
        string[] words =
        [
            .. service.Command, ready.HttpPath ?? "", .. ready.Probe.Headers?.Values ?? [],
            .. service.Container.Entrypoint ?? [], service.Container.Image, .. service.Container.Volumes,
        ];
        if (words.Any(service.IsSecret))
        {
            throw new ServiceCtlException(ErrorCode.ConfigInvalid, service.Name,
                $"The command, the image, a volume or the probe of {service.Name} holds a secret, which would be in the manifest's text. "
                    + "Nothing was written.",
                "Pass it by `service.environment`: manifests name variables, and hold no secret.");
        }
    }
}
