using System.Runtime.Versioning;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Text;

namespace ServiceCtl.Client;

/// <summary>A file that is to be pushed to a service: it is read here, on any system, and understood by the agent.</summary>
internal static class PushedFile
{
    /// <summary>The format that a file's name says; YAML where it says none.</summary>
    public static ConfigFormat FormatOf(string file) => Path.GetFileName(file).StartsWith(".env.", StringComparison.Ordinal)
        ? ConfigFormat.Env
        : Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".json" or ".jsonc" => ConfigFormat.Json,
            ".toml" => ConfigFormat.Toml,
            ".ini" or ".cfg" => ConfigFormat.Ini,
            ".env" => ConfigFormat.Env,
            _ => ConfigFormat.Yaml,
        };

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/>: it can't be
    /// read, or is no text.</exception>
    public static Task<string> ReadAsync(string path, CancellationToken cancellation) =>
        LocalHost.HasServices ? ReadSourceAsync(path, cancellation) : ReadTextAsync(path, cancellation);

    internal static async Task<string> ReadTextAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigNotFound, path, $"There is no configuration file `{path}`.", "Check the path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, path, $"{path} can't be read: {error.Message}", "Check the file and its permissions.", error);
        }
    }

    [SupportedOSPlatform("linux")]
    private static async Task<string> ReadSourceAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return (await SourceFile.ReadAsync(path, cancellation)).Text;
        }
        catch (MalformedSourceException fault)
        {
            throw ConfigurationReader.Invalid([new ConfigurationProblem { Source = path, Message = fault.Message, Advice = fault.Advice }]);
        }
    }
}
