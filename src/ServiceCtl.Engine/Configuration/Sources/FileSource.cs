using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Configuration;

/// <summary>A configuration file, in the format that its name says; a file whose name says none is read as whatever it can be read as.</summary>
public sealed class FileSource : IConfigurationSource
{
    private readonly string? _section;

    /// <param name="path">Relative to the current folder, or absolute; problems name it as it is given here.</param>
    /// <param name="section">The key that everything in the file belongs below; null for a file that is the root.</param>
    public FileSource(string path, string? section = null)
    {
        Name = path;
        _section = section;
    }

    public string Name { get; }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>: the file is not there.</exception>
    public async Task<ConfigMapping?> ReadAsync(ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        try
        {
            var text = await SourceFile.ReadAsync(Name, cancellation);
            var root = ConfigurationFormat.ByName(Name) is { } format
                ? format.Read(text, problems, cancellation)
                : ConfigurationFormat.ReadAny(text, problems, cancellation);
            return _section is null ? root : new ConfigMapping([new ConfigEntry(_section, root.Origin, root)], root.Origin);
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(fault.Origin, null, fault.Message, fault.Advice);
            return null;
        }
    }
}
