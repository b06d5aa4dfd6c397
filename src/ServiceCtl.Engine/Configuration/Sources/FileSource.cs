using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>
/// A configuration file, in the format that its name says; a file whose name says none is read as whatever it can be read as.
/// </summary>
public sealed class FileSource : IConfigurationSource
{
    private readonly string? _folder;
    private readonly bool _triesAll;
    private readonly SourceReader? _reader;

    /// <param name="path">Relative to the current folder, or absolute; problems name it as it is given here.</param>
    /// <param name="folder">Where relative paths in it start; null for its own folder.</param>
    /// <param name="triesAll">Whether other formats are tried where its own does not fit.</param>
    /// <param name="reader">Who has to be able to read it; null: whoever runs this.</param>
    public FileSource(string path, string? folder = null, bool triesAll = false, SourceReader? reader = null)
    {
        Name = path;
        _folder = folder;
        _triesAll = triesAll;
        _reader = reader;
    }

    public string Name { get; }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>: the file is not there.</exception>
    public async Task<ConfigMapping?> ReadAsync(ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        try
        {
            var text = await SourceFile.ReadAsync(Name, cancellation, _folder, _reader);
            return ConfigurationFormat.ByName(Name) is not { } format
                ? ConfigurationFormat.ReadAny(text, problems, cancellation).Root
                : _triesAll
                    ? ReadTrying(format, text, problems, warnings, cancellation)
                    : format.Read(text, problems, cancellation);
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(fault.Origin, null, fault.Message, fault.Advice);
            return null;
        }
    }

    private static ConfigMapping? ReadTrying(
        ConfigurationFormat format, SourceText text, ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        var own = new ProblemList();
        ConfigMapping? root = null;
        try
        {
            root = format.Read(text, own, cancellation);
        }
        catch (MalformedSourceException fault)
        {
            own.Add(fault.Origin, null, fault.Message, fault.Advice);
        }

        if (own.Count == 0)
            return root;
        try
        {
            var (other, taken) = ConfigurationFormat.ReadAny(text, new ProblemList(), cancellation);
            warnings.Add(text.At(1, 1), null, $"The file is read as {taken}, though its name says {format}.",
                $"Give it the extension {taken.Extensions[0]}.");
            return other;
        }
        catch (MalformedSourceException)
        {
            // No format takes it: what its own says about it is the nearest to what was meant.
            problems.Add(own);
            return root;
        }
    }
}
