using System.Runtime.Versioning;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Packaging;

namespace ServiceCtl.Client;

/// <summary>Versions, changes and packages of a project on this host. Asks no agent.</summary>
[SupportedOSPlatform("linux")]
public static class PackageVerbs
{
    /// <summary>Steps the version, and collects what is new into the changelog; or shows what that would do.</summary>
    /// <exception cref="ServiceCtlException">It can't be done; nothing was changed.</exception>
    public static Task<PyServiceVersion> StepAsync(VersionRequest request, CancellationToken cancellation) =>
        new VersionStep(request, TimeProvider.System).RunAsync(cancellation);

    /// <summary>Looks whether that could be done, for CI.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>: there is no project.</exception>
    public static IReadOnlyList<HostCheck> Check(VersionRequest request, CancellationToken cancellation) =>
        VersionCheck.Run(request, TimeProvider.System, cancellation);

    /// <summary>Writes a change that the next version will have.</summary>
    /// <param name="folder">Absolute path of the project's folder.</param>
    /// <param name="kind">What kind.</param>
    /// <param name="text">What is new.</param>
    /// <param name="issue">The issue it belongs to; null for none.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>; <see cref="ErrorCode.System"/>.</exception>
    public static PyServiceChange AddChange(string folder, ChangeKind kind, string text, string? issue) =>
        ChangeFiles.Add(folder, kind, text, issue);

    /// <summary>Builds wheel and sdist, and checks them.</summary>
    /// <param name="request">Of what.</param>
    /// <param name="told">Hears each line of the tool.</param>
    /// <param name="cancellation">Ends it; packages that were there stay.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.PackageFailed"/>, <see cref="ErrorCode.RunnerMissing"/>,
    /// <see cref="ErrorCode.ConfigNotFound"/>, <see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public static Task<IReadOnlyList<PyServicePackage>> BuildAsync(
        PackageRequest request, Action<string>? told, CancellationToken cancellation) =>
        ProjectPackages.BuildAsync(request, told, cancellation);

    /// <summary>The packages in a project's <c>dist</c> that have its version.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there are none.</exception>
    public static IReadOnlyList<string> FindBuilt(string folder, CancellationToken cancellation) =>
        ProjectPackages.Built(folder, cancellation);

    /// <summary>Publishes packages, into a folder that pip takes for an index, or by upload to an address.</summary>
    /// <param name="files">Absolute paths.</param>
    /// <param name="destination">The folder's absolute path, or an address.</param>
    /// <param name="isPlan">Only show what would be published.</param>
    /// <param name="told">Hears each line of the tool that uploads.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: that version is there, and another one;
    /// <see cref="ErrorCode.PackageFailed"/>, <see cref="ErrorCode.RunnerMissing"/>, <see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static Task<IReadOnlyList<PyServicePublication>> PublishAsync(
        IReadOnlyList<string> files, string destination, bool isPlan, Action<string>? told, CancellationToken cancellation) =>
        ProjectPackages.PublishAsync(files, destination, isPlan, told, cancellation);

    /// <summary>Is it an address, and not the path of a folder?</summary>
    public static bool IsAddress(string destination) => destination.StartsWith("file:", StringComparison.Ordinal)
        || (Uri.TryCreate(destination, UriKind.Absolute, out var address) && !address.IsFile);
}
