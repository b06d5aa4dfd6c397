using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using System.Text.RegularExpressions;

namespace ServiceCtl.Tests.Integration.Containers;

/// <summary>Root file systems of this machine's files, so that nothing is downloaded: one with Python, one without.</summary>
internal static partial class TestImage
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("sc-").FullName;

    private static readonly string[] Programs = ["dash", "sleep", "cat", "mkdir", "id", "env", "ls", "touch", "cp"];

    // What nothing in a container of the tests imports, and is large.
    private static readonly string[] LeftOut = ["config-", "test", "lib2to3", "pydoc_data", "idlelib", "tkinter", "unittest"];

    private static readonly (string Name, string Text)[] Files =
    [
        ("etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n"),
        ("etc/group", "root:x:0:\napp:x:1000:\nnogroup:x:65534:\n"),
        ("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
    ];

    private static readonly Lazy<string> Python = new(() => Pack("python.tar", WithPython()));

    private static readonly Lazy<string> Redis = new(() =>
        Pack("redis.tar", [.. Programs.Select(name => $"/usr/bin/{name}"), RedisServer()]));

    public static string PythonArchive => Python.Value;

    public static string RedisArchive => Redis.Value;

    public static void Remove() => Directory.Delete(Folder, recursive: true);

    private static string RedisServer()
    {
        ContainerTools.Require("redis-server");
        return ContainerTools.Find("redis-server")!;
    }

    private static IEnumerable<string> WithPython()
    {
        // Asked, not guessed: which files Python loads for these depends on the machine's packages.
        var loaded = Run("/usr/bin/python3", "-c", """
            import importlib, os, sys
            for name in sys.argv[1:]:
                importlib.import_module(name)
            tops = {name.partition('.')[0] for name, module in sys.modules.items()
                    if 'dist-packages' in (getattr(module, '__file__', None) or '')}
            print(os.path.realpath(sys.executable))
            print(os.path.dirname(os.__file__))
            for top in sorted(tops):
                file = sys.modules[top].__file__ or next(iter(sys.modules[top].__path__)) + '/'
                print(os.path.dirname(file) if '__init__' in file or file.endswith('/') else file)
            """, "flask", "gunicorn.app.wsgiapp", "gunicorn.workers.sync", "gunicorn.workers.gthread", "uvicorn.main", "h11", "redis")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        yield return loaded[0];
        foreach (var program in Programs.Concat(["gunicorn", "uvicorn", "flask"]))
            yield return $"/usr/bin/{program}";
        foreach (var file in loaded.Skip(1).SelectMany(path => Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [path]))
        {
            var below = file.StartsWith(loaded[1], StringComparison.Ordinal) ? file[(loaded[1].Length + 1)..].Split('/')[0] : "";
            if (!LeftOut.Any(name => name.EndsWith('-') ? below.StartsWith(name, StringComparison.Ordinal) : below == name))
                yield return file;
        }
    }

    private static string Pack(string name, IEnumerable<string> files)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files.Where(File.Exists))
            all[file] = Resolved(file);
        var binaries = all.Values.Where(file => file.Contains(".so", StringComparison.Ordinal) || !Path.HasExtension(file)
            || file.Contains("/bin/python", StringComparison.Ordinal)).Where(IsElf).Distinct().ToArray();
        foreach (Match library in LibraryPattern().Matches(Run("ldd", binaries)))
            all[library.Groups[1].Value] = Resolved(library.Groups[1].Value);

        var archive = Path.Combine(Folder, name);
        using var stream = File.Create(archive);
        using var tar = new TarWriter(stream, TarEntryFormat.Gnu);
        foreach (var folder in new[] { "usr", "usr/bin", "usr/lib", "usr/lib64", "etc", "dev", "proc", "sys", "run", "tmp" })
            tar.WriteEntry(new GnuTarEntry(TarEntryType.Directory, folder)
            {
                Mode = (UnixFileMode)(folder == "tmp" ? 0b1_111_111_111 : 0b111_101_101),
            });
        foreach (var (link, target) in new[] { ("bin", "usr/bin"), ("lib", "usr/lib"), ("lib64", "usr/lib64"), ("usr/bin/sh", "dash") }
            .Concat(all.Keys.Where(file => file.Contains("/bin/python3.", StringComparison.Ordinal))
                .Select(file => ("usr/bin/python3", Path.GetFileName(file)))))
            tar.WriteEntry(new GnuTarEntry(TarEntryType.SymbolicLink, link) { LinkName = target });
        foreach (var (file, text) in Files)
        {
            using var content = new MemoryStream(Encoding.ASCII.GetBytes(text));
            tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, file) { DataStream = content, Mode = (UnixFileMode)0b110_100_100 });
        }

        foreach (var (file, source) in all)
        {
            using var content = File.OpenRead(source);
            tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, InImage(file))
            {
                DataStream = content,
                Mode = File.GetUnixFileMode(source) & (UnixFileMode)0b111_101_101,
                ModificationTime = File.GetLastWriteTimeUtc(source),
            });
        }

        return archive;
    }

    // /lib and /bin are links in the image, and a program that was unpacked is where the installed one would be.
    private static string InImage(string file)
    {
        var path = file.StartsWith("/usr/", StringComparison.Ordinal) ? file[1..] : file.StartsWith("/lib", StringComparison.Ordinal)
            || file.StartsWith("/bin", StringComparison.Ordinal) ? $"usr{file}" : file;
        return path.Contains("/packages/", StringComparison.Ordinal) ? path[(path.IndexOf("/usr/", StringComparison.Ordinal) + 1)..] : path;
    }

    private static string Resolved(string file) => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;

    private static bool IsElf(string file)
    {
        Span<byte> magic = stackalloc byte[4];
        using var stream = File.OpenRead(file);
        return stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("\u007fELF"u8);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}");
        return output;
    }

    [GeneratedRegex(@"(/\S+) \(0x")]
    private static partial Regex LibraryPattern();
}
