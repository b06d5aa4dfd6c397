using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Environments;

namespace ServiceCtl.Engine.Packaging;

/// <summary>
/// Uploads by twine, or by uv where there is no twine. Who uploads, they find out as ever: by their variables, or a keyring.
/// </summary>
internal sealed class PackageUpload(Uri address, Action<string>? told)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.PackageFailed"/>, with the tool's lines;
    /// <see cref="ErrorCode.RunnerMissing"/>; <see cref="ErrorCode.InvalidArgument"/>: the address holds a password.</exception>
    public async Task<IReadOnlyList<PyServicePublication>> AddAsync(
        IReadOnlyList<PyServicePackage> packages, bool isPlan, CancellationToken cancellation)
    {
        var shown = SecretPattern.MaskUrls(address.AbsoluteUri);
        if (address.UserInfo.Length > 0)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, shown,
                "The address holds a user or a password, which everybody could see in the list of processes.",
                "Set TWINE_USERNAME and TWINE_PASSWORD, or UV_PUBLISH_TOKEN, or use a keyring.");
        var tool = await ToolRun.IsThereAsync("twine", user: null, cancellation) ? "twine"
            : await ToolRun.IsThereAsync("uv", user: null, cancellation) ? "uv"
            : throw new ServiceCtlException(ErrorCode.RunnerMissing, shown, "Nothing here uploads packages: there is neither twine nor uv.",
                "Install one of them ('apt install twine', 'pip install twine'), or publish into a folder.");
        if (!isPlan)
        {
            string[] files = [.. packages.Select(package => package.Path)];
            var run = await ToolRun.RunAsync(tool, tool == "twine"
                ? ["upload", "--non-interactive", "--disable-progress-bar", "--repository-url", address.AbsoluteUri, "--", .. files]
                : ["publish", "--publish-url", address.AbsoluteUri, "--", .. files], new Dictionary<string, string>(),
                Path.GetDirectoryName(files[0])!, null, told, Limit, cancellation);
            if (run.Code != 0)
            {
                throw new ServiceCtlException(new ErrorReport
                {
                    Code = ErrorCode.PackageFailed,
                    Target = shown,
                    Message = $"{shown} did not take the packages: {tool} ended with {run.Code}.",
                    Advice = "Its own lines say why. What has been published can't be published again: raise the version.",
                    LogLines = [.. run.Lines.TakeLast(30)],
                });
            }
        }

        return [.. packages.Select(package => new PyServicePublication
        {
            Name = package.Name,
            Version = package.Version,
            File = Path.GetFileName(package.Path),
            Destination = shown,
            Sha256 = package.Sha256,
            IsNew = true,
            IsDone = !isPlan,
        })];
    }
}
