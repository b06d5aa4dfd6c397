using ServiceCtl.Engine.Configuration.Formats.Env;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>
/// An <c>.env</c> file as a source of variables, mapped to keys as those of the environment are. One that is not there is no fault,
/// and one that nowhere has the prefix is somebody else's and not judged: dialects differ.
/// </summary>
public sealed class EnvFileSource : IConfigurationSource
{
    private readonly VariableMapping _mapping;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly SourceReader? _reader;

    /// <param name="path">Absolute, or relative to the current folder.</param>
    /// <param name="mapping">Which variables are configuration, and under which keys.</param>
    /// <param name="environment">What <c>${NAME}</c> refers to when the file does not give it above.</param>
    /// <param name="reader">Who has to be able to read it; null: whoever runs this.</param>
    public EnvFileSource(
        string path, VariableMapping mapping, IReadOnlyDictionary<string, string> environment, SourceReader? reader = null)
    {
        Name = path;
        _mapping = mapping;
        _environment = environment;
        _reader = reader;
    }

    public string Name { get; }

    public async Task<ConfigMapping?> ReadAsync(ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        if (!File.Exists(Name))
            return null;
        try
        {
            var text = await SourceFile.ReadAsync(Name, cancellation, reader: _reader);
            if (!_mapping.IsIn(text.Text))
                return null;
            return _mapping.Map(EnvReader.Read(text, _environment, problems, cancellation), text.At(1, 1), problems);
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(fault.Origin, null, fault.Message, fault.Advice);
            return null;
        }
    }
}
