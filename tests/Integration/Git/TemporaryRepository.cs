using System.Diagnostics;

namespace ServiceCtl.Tests.Integration.Git;

/// <summary>A git repository of one commit in a folder of its own, made by the real git.</summary>
public sealed class TemporaryRepository : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("servicectl-git-");

    public TemporaryRepository()
    {
        Path = _folder.CreateSubdirectory("repository").FullName;
        Git("init", "--quiet", "--initial-branch=main");
        Write("app.py", "VERSION = 1\n");
        Write("lib/part.py", "PART = 1\n");
        CommitAll("First line\nsecond line\n\nbody");
    }

    /// <summary>The checkout.</summary>
    public string Path { get; }

    /// <summary>Path of something beside the checkout, removed with it.</summary>
    public string Beside(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public void Write(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public string CommitAll(string message)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--message", message);
        return Git("rev-parse", "HEAD");
    }

    /// <summary>Runs git in the checkout and returns what it printed.</summary>
    public string Git(params string[] arguments) => RunGit(Path, arguments);

    public static string RunGit(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git",
        [
            "-C", folder, "-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgSign=false",
            "-c", "protocol.file.allow=always", .. arguments,
        ])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)} ended with {process.ExitCode}");
        return output;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
