using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Runners;

/// <summary>
/// Has Python programs print line by line. Into a pipe, Python keeps 8 KB back; unbuffered, it writes each word by itself, so that lines of
/// several workers tear. Nothing in the environment asks for what is between, so a module that Python loads at its start does
/// (sitecustomize), and then loads the one that it hides. https://docs.python.org/3/library/site.html#module-sitecustomize
/// </summary>
internal sealed class LineBuffering
{
    private const string SearchPath = "PYTHONPATH";

    /// <summary>The inode of the pipe: helpers that print elsewhere go on as they would.</summary>
    private const string Output = "SERVICECTL_OUTPUT";

    private const string Module = """
        # Python programs that ServiceCtl runs print line by line, so that their log has each line when it is printed.
        # PYTHONUNBUFFERED in service.environment turns this off.
        import os, sys

        _here = os.path.dirname(os.path.abspath(__file__))
        sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _here]
        try:
            if not os.environ.get('PYTHONUNBUFFERED') and os.environ.get('SERVICECTL_OUTPUT') in ('any', str(os.fstat(1).st_ino)):
                sys.stdout.reconfigure(line_buffering=True)
        except (AttributeError, OSError, ValueError):
            pass

        # The one that this one hides.
        _this = sys.modules.pop('sitecustomize', None)
        try:
            import sitecustomize
        except ImportError as error:
            if getattr(error, 'name', None) != 'sitecustomize':
                raise
        finally:
            if _this is not None:
                sys.modules.setdefault('sitecustomize', _this)

        """;

    private readonly string _folder;
    private readonly string _file;

    /// <summary>Several services may have their first start at once.</summary>
    private readonly Lock _making = new();

    /// <summary>The file as it was when it was found, or made, right; read again only when it is another.</summary>
    private FileFacts? _right;

    /// <param name="home">The agent's folder, which the services' users may pass through.</param>
    public LineBuffering(string home)
    {
        _folder = FolderIn(home);
        _file = Path.Combine(_folder, "sitecustomize.py");
    }

    /// <summary>Where the module is, in the agent's folder.</summary>
    public static string FolderIn(string home) => Path.Combine(home, "python");

    /// <param name="environment">Of a launch.</param>
    /// <param name="output">The pipe that it prints into.</param>
    /// <param name="isOnlyOutput">Does the server point its output elsewhere by itself, as uWSGI does with <c>logto</c>?</param>
    public IReadOnlyDictionary<string, string> Add(IReadOnlyDictionary<string, string> environment, SafeHandle output, bool isOnlyOutput)
    {
        RequireModule();
        return new Dictionary<string, string>(environment)
        {
            [SearchPath] = environment.TryGetValue(SearchPath, out var given) && given.Length > 0 ? $"{_folder}:{given}" : _folder,
            [Output] = isOnlyOutput ? FileFacts.Of(output).Identity.Inode.ToString(CultureInfo.InvariantCulture) : "any",
        };
    }

    private void RequireModule()
    {
        lock (_making)
        {
            if (FileFacts.TryOf(_file) is { } found && found == _right)
                return;
            if (!File.Exists(_file) || File.ReadAllText(_file) != Module)
            {
                File.SetUnixFileMode(Directory.CreateDirectory(_folder).FullName, FileModes.Executable);
                AtomicFile.Write(_file, Encoding.UTF8.GetBytes(Module), isDurable: false, mode: FileModes.Readable);
            }

            _right = FileFacts.TryOf(_file);
        }
    }
}
