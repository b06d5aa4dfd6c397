using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>A tar file of files on this host.</summary>
internal static class PackedFiles
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <param name="file">Which is made.</param>
    /// <param name="parts">What it holds: names, each in its folder.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ServiceCtlException">It can't be made.</exception>
    public static async Task MakeAsync(string file, (string Folder, string Name)[] parts, CancellationToken cancellation)
    {
        var run = await ToolRun.RunAsync("tar", ["-c", "-f", file, .. parts.SelectMany(part => (string[])["-C", part.Folder, part.Name])],
            new Dictionary<string, string>(), Path.GetDirectoryName(file)!, null, null, Limit, cancellation);
        if (run.Code != 0)
        {
            throw new ServiceCtlException(new ErrorReport
            {
                Code = ErrorCode.System,
                Target = file,
                Message = "The code can't be packed.",
                Advice = "The lines of tar say why.",
                LogLines = run.Lines,
            });
        }
    }
}
