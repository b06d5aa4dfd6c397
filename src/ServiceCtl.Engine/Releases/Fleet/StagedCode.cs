using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Deploying;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>The code of a release, packed once on this host, to be sent to all others.</summary>
internal sealed class StagedCode : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("servicectl-deploy-");

    private StagedCode()
    {
    }

    public string File => Path.Combine(_folder.FullName, "code.tar");

    /// <exception cref="ServiceCtlException">It can't be had, or packed.</exception>
    public static async Task<StagedCode> MakeAsync(
        DeployContext context, SourceRevision revision, ReleaseBuilder builder, CancellationToken cancellation)
    {
        var code = new StagedCode();
        try
        {
            var tree = Directory.CreateDirectory(Path.Combine(code._folder.FullName, "tree"));
            await context.Source.UnpackAsync(revision, tree.FullName, cancellation);
            await builder.CopyBuiltAsync(tree.FullName, cancellation);
            var run = await ToolRun.RunAsync("tar", ["-c", "-f", code.File, "-C", tree.FullName, "."], new Dictionary<string, string>(),
                code._folder.FullName, null, null, Limit, cancellation);
            if (run.Code != 0)
            {
                throw new ServiceCtlException(new ErrorReport
                {
                    Code = ErrorCode.System,
                    Target = code.File,
                    Message = "The code can't be packed.",
                    Advice = "The lines of tar say why.",
                    LogLines = run.Lines,
                });
            }

            tree.Delete(recursive: true);
            return code;
        }
        catch
        {
            code.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }
}
