using System.Diagnostics;
using System.Net;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Git;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Packages;

/// <summary>Versions by real git; packages by the real build, from real indexes by the real pip.</summary>
public sealed class PackageTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly TemporaryRepository _project = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("packages-");

    public PackageTests()
    {
        _project.Write("pyproject.toml", """
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"

            [project]
            name = "shop"
            version = "1.2.0"    # the only place
            description = "A shop"
            requires-python = ">=3.9"
            [tool.setuptools]
            packages = ["shop"]
            """);
        _project.Write("setup.py",
            "from setuptools import Extension, setup\nsetup(ext_modules=[Extension('shop.fast', ['shop/fast.c'])])\n");
        _project.Write("shop/__init__.py", "from shop.fast import answer\n");
        _project.Write("shop/fast.c", """
            #define PY_SSIZE_T_CLEAN
            #include <Python.h>
            static PyObject *answer(PyObject *self, PyObject *args) { return PyLong_FromLong(42); }
            static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {NULL, NULL, 0, NULL}};
            static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "fast", NULL, -1, methods};
            PyMODINIT_FUNC PyInit_fast(void) { return PyModule_Create(&module); }
            """);
        _project.CommitAll("one");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => _project.Path;

    public void Dispose()
    {
        _project.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_version_is_raised_with_what_is_new_committed_and_tagged_or_nothing_is_changed()
    {
        var before = _project.Git("rev-parse", "HEAD");
        var empty = await FailAsync(new VersionRequest { Folder = Folder });
        var change = PackageVerbs.AddChange(Folder, ChangeKind.Feature, "Orders can be exported.", "12");
        var dirty = await FailAsync(new VersionRequest { Folder = Folder });
        _project.CommitAll("export");
        var plan = await StepAsync(new VersionRequest { Folder = Folder, IsPlan = true });
        Assert.Equal("", _project.Git("status", "--porcelain"));
        _project.Write(".git/hooks/pre-commit", "#!/bin/sh\necho not today\nexit 1\n");
        File.SetUnixFileMode(Path.Combine(Folder, ".git/hooks/pre-commit"), (UnixFileMode)0b111_101_101);
        var hook = await FailAsync(new VersionRequest { Folder = Folder, IsCommitted = true, IsTagged = true });
        Assert.Equal("", _project.Git("status", "--porcelain"));
        File.Delete(Path.Combine(Folder, ".git/hooks/pre-commit"));
        var step = await StepAsync(new VersionRequest { Folder = Folder, IsCommitted = true, IsTagged = true });

        Assert.Equal((ErrorCode.InvalidState, ErrorCode.InvalidState, ErrorCode.System), (empty.Code, dirty.Code, hook.Code));
        Assert.Contains("servicectl change", empty.Advice, StringComparison.Ordinal);
        Assert.Contains(dirty.Report.LogLines, line => line.Contains("changes/12.feature.md", StringComparison.Ordinal));
        Assert.Contains(hook.Report.LogLines, line => line.Contains("not today", StringComparison.Ordinal));
        Assert.Equal(("1.2.0", "1.3.0", false), (plan.Before, plan.Version, plan.IsDone));
        Assert.Contains("+ version = \"1.3.0\"    # the only place", plan.Diff);
        Assert.Contains("+ - Orders can be exported. (#12)", plan.Diff);
        Assert.Equal(("1.3.0", "v1.3.0", true, true), (step.Version, step.Tag, step.IsDone, step.IsTagged));
        Assert.Equal(_project.Git("rev-parse", "HEAD"), step.Commit);
        Assert.Equal(step.Commit, _project.Git("rev-parse", "v1.3.0^{commit}"));
        Assert.Equal("", _project.Git("status", "--porcelain"));
        Assert.False(File.Exists(change.Path));
        Assert.Contains("version = \"1.3.0\"    # the only place",
            await File.ReadAllTextAsync(Path.Combine(Folder, "pyproject.toml"), Cancellation), StringComparison.Ordinal);
        Assert.NotEqual(before, step.Commit);

        _project.Write("shop/more.py", "");
        _project.CommitAll("more");
        var commit = await StepAsync(new VersionRequest { Folder = Folder, Kind = VersionKind.Commit, IsPlan = true });
        var data = await StepAsync(new VersionRequest { Folder = Folder, Kind = VersionKind.Data, IsPlan = true });
        Assert.Equal($"1.3.1.dev1+g{_project.Git("rev-parse", "--short=7", "HEAD")}", commit.Version);
        Assert.Equal(("0", "1"), (data.Before, data.Version));
    }

    [Fact]
    public async Task A_package_with_compiled_code_is_built_without_a_network_published_and_installed_from_a_folder_and_by_http()
    {
        var index = Path.Combine(_folder.FullName, "index");
        var built = await PackageVerbs.BuildAsync(
            new PackageRequest { Folder = Folder, Output = Path.Combine(Folder, "dist"), Python = Python, IsIsolated = false }, null,
            Cancellation);
        var published = await PackageVerbs.PublishAsync(PackageVerbs.FindBuilt(Folder, Cancellation), index, false, null, Cancellation);

        Assert.Equal([PackageKind.Wheel, PackageKind.Sdist], built.OrderBy(package => package.Kind).Select(package => package.Kind));
        Assert.All(built, package => Assert.Equal(("shop", "1.2.0", ">=3.9"), (package.Name, package.Version, package.RequiresPython)));
        Assert.Contains("linux", built.Single(package => package.Kind == PackageKind.Wheel).Tags[0], StringComparison.Ordinal);
        Assert.Equal(2, published.Count(publication => publication.IsNew));
        Install("file", $"--index-url={published[0].Index}", "--only-binary=:all:");

        using var server = Serve(index, out var port);
        try
        {
            Install("http", $"--index-url=http://127.0.0.1:{port}/simple/", "--only-binary=:all:");
            var wheel = Directory.GetFiles(Path.Combine(index, "simple", "shop"), "*.whl")[0];
            await File.AppendAllTextAsync(wheel, "worse", Cancellation);
            Assert.Contains("DO NOT MATCH THE HASHES",
                Pip("spoiled", $"--index-url=http://127.0.0.1:{port}/simple/", "--only-binary=:all:"), StringComparison.Ordinal);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(Cancellation);
        }
    }

    [Fact]
    public async Task What_can_not_be_built_leaves_what_was_there_and_says_what_the_compiler_says()
    {
        _project.Write("shop/fast.c", "#error not like this\n");
        _project.CommitAll("broken");

        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => PackageVerbs.BuildAsync(
            new PackageRequest
            {
                Folder = Folder,
                Output = Path.Combine(_folder.FullName, "out"),
                Kind = PackageKind.Wheel,
                Python = Python,
                IsIsolated = false,
            }, null, Cancellation));

        Assert.Equal(ErrorCode.PackageFailed, error.Code);
        Assert.Contains(error.Report.LogLines, line => line.Contains("not like this", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, "out")));
    }

    [Fact]
    public async Task Keys_that_reach_a_repository_are_looked_for_and_a_password_is_never_shown()
    {
        var own = await CheckAsync(Folder);
        var none = await CheckAsync("http://me:secret@127.0.0.1:9/none.git");

        Assert.Equal(HostCheckOutcome.Passed, own.Outcome);
        Assert.Equal(HostCheckOutcome.Failed, none.Outcome);
        Assert.DoesNotContain("secret", none.ToString() + none.Advice, StringComparison.Ordinal);

        static async Task<HostCheck> CheckAsync(string repository) => await EnvironmentVerbs
            .CheckHostAsync([], repository, null, Cancellation)
            .FirstAsync(check => check.Name == "repository", Cancellation);
    }

    private static Task<PyServiceVersion> StepAsync(VersionRequest request) => PackageVerbs.StepAsync(request, Cancellation);

    private static Task<ServiceCtlException> FailAsync(VersionRequest request) =>
        Assert.ThrowsAsync<ServiceCtlException>(() => StepAsync(request));

    private void Install(string name, params string[] more)
    {
        var place = Path.Combine(_folder.FullName, name);
        var words = Pip(name, more);
        Assert.True(Directory.Exists(place), words);
        Assert.Equal("42", Run(Python, "-c", $"import sys; sys.path.insert(0, '{place}'); import shop; print(shop.answer())"));
    }

    /// <summary>In a folder of its own, by the pip of a virtualenv, as the system's Python may have none.</summary>
    private string Pip(string name, params string[] more)
    {
        var venv = Path.Combine(_folder.FullName, "venv");
        if (!Directory.Exists(venv))
            Run(Python, "-m", "venv", venv);
        return Run(Path.Combine(venv, "bin", "pip"), ["--isolated", "install", "--no-cache-dir", "--no-deps", "--disable-pip-version-check",
            "--target", Path.Combine(_folder.FullName, name), .. more, "shop==1.2.0"]);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : output + errors.Result;
    }

    private static Process Serve(string folder, out int port)
    {
        port = LocalService.FreePort();
        string[] arguments = ["-m", "http.server", "--bind", "127.0.0.1", "--directory", folder, $"{port}"];
        var server = Process.Start(new ProcessStartInfo(Python, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        })!;
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                using var answer = http.GetAsync(new Uri($"http://127.0.0.1:{port}/")).Result;
                if (answer.StatusCode == HttpStatusCode.OK)
                    break;
            }
            catch (AggregateException)
            {
                Thread.Sleep(50);
            }
        }

        return server;
    }
}
