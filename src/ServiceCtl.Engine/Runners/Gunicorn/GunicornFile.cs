using System.Text;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Gunicorn;

/// <summary>
/// gunicorn's own configuration: the variable GUNICORN_CMD_ARGS, and the file, which is Python and is read for plain values only, never
/// run.
/// </summary>
internal static class GunicornFile
{
    private const string Usual = "gunicorn.conf.py";
    private const string Scheme = "file:";
    private const int Longest = 4 << 20;

    public static ServerOptions VariableOf(ServiceDefinition definition) =>
        new(definition.Environment.GetValueOrDefault("GUNICORN_CMD_ARGS", "").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The file that a launch reads; null where there is none, or it is a module.</summary>
    public static (string Path, string Text)? Find(ServiceDefinition definition)
    {
        var named = new ServerOptions(definition, GunicornOptions.Package).ValueOf("--config", "-c")
            ?? VariableOf(definition).ValueOf("--config", "-c");
        if (named?.StartsWith("python:", StringComparison.Ordinal) == true)
            return null;
        var path = Path.GetFullPath(named?.StartsWith(Scheme, StringComparison.Ordinal) == true ? named[Scheme.Length..] : named ?? Usual,
            definition.Folder);
        try
        {
            return (path, Encoding.UTF8.GetString(UserFiles.ReadAll(definition.Actor, path, Longest)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
