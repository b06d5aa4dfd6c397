using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>What pip has built for one release, another one takes from the cache they share. Real pip, a real source package.</summary>
public sealed class PackageCacheTests
{
    [Fact]
    public async Task A_package_is_built_once_for_all_releases()
    {
        await using var home = new Home();
        var wheels = home.Folder("sources");
        var builds = Path.Combine(home.Folder("builds"), "builds");
        Pack(wheels, builds);
        await using var project = new DeployedProject("", $$"""
            env_directory: venv
            service: {venv: {python: /usr/bin/python3, wheels: {{wheels}} } }
            """);
        project.Write("requirements.txt", "acme==1.0\n");
        project.Commit("one");
        var first = await project.MustDeployAsync();
        project.Write("requirements.txt", "acme==1.0\n# another virtualenv\n");
        project.Commit("two");
        var second = await project.MustDeployAsync();

        Assert.Equal(["built"], await File.ReadAllLinesAsync(builds, TestContext.Current.CancellationToken));
        foreach (var release in (string[])[first.Path, second.Path])
            Assert.Single(Directory.GetFiles(Path.Combine(release, "venv", "lib"), "acme.py", SearchOption.AllDirectories));
        Assert.NotEqual(
            new FileInfo(Path.Combine(first.Path, "venv")).LinkTarget, new FileInfo(Path.Combine(second.Path, "venv")).LinkTarget);
        var cache = Path.Combine(project.Root, "shared", "pip-cache");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(cache));
        Assert.Single(Directory.GetFiles(cache, "acme-1.0-*.whl", SearchOption.AllDirectories));
    }

    /// <summary>It builds itself, so that no other package is needed, and notes that it did.</summary>
    private static void Pack(string folder, string builds)
    {
        using var file = File.Create(Path.Combine(folder, "acme-1.0.tar.gz"));
        using var zip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(zip);
        Add("PKG-INFO", "Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n");
        Add("pyproject.toml", "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n");
        Add("backend.py", $"""
            import zipfile
            def build_wheel(folder, config_settings=None, metadata_directory=None):
                with open('{builds}', 'a') as log: log.write('built\n')
                name = 'acme-1.0-py3-none-any.whl'
                with zipfile.ZipFile(folder + '/' + name, 'w') as wheel:
                    wheel.writestr('acme.py', '')
                    wheel.writestr('acme-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n')
                    wheel.writestr('acme-1.0.dist-info/WHEEL',
                        'Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
                    wheel.writestr('acme-1.0.dist-info/RECORD', '')
                return name

            """);

        void Add(string name, string text) => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"acme-1.0/{name}")
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
        });
    }
}
