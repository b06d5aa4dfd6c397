using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ServiceCtl.Engine.Environments;

namespace ServiceCtl.Tests.Unit.Environments;

/// <summary>The Python package that belongs to this version.</summary>
public sealed class CordioWheelTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "python", "cordio", "cordio");

    [Fact]
    public void It_holds_the_sources_and_says_so()
    {
        using var zip = new ZipArchive(new MemoryStream(CordioWheel.Make()));
        var files = zip.Entries.ToDictionary(entry => entry.FullName, Content);
        var sources = Directory.GetFiles(Sources).Where(file => Path.GetExtension(file) is ".py" or ".typed").ToArray();
        var info = $"cordio-{CordioWheel.Version}.dist-info";

        Assert.Equal(sources.Length + 4, files.Count);
        Assert.All(sources, source => Assert.Equal(File.ReadAllBytes(source), files[$"cordio/{Path.GetFileName(source)}"]));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        var record = Encoding.UTF8.GetString(files[$"{info}/RECORD"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(files.Keys.Order(), record.Select(line => line.Split(',')[0]).Order());
        foreach (var line in record.Select(line => line.Split(',')).Where(line => line[1].Length > 0))
        {
            var hash = Convert.ToBase64String(SHA256.HashData(files[line[0]])).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            Assert.Equal($"sha256={hash}", line[1]);
        }
    }

    [Fact]
    public void It_is_the_same_each_time() => Assert.Equal(CordioWheel.Make(), CordioWheel.Make());

    [Fact]
    public void The_package_says_the_version_of_ServiceCtl() => Assert.Contains(
        $"__version__ = \"{CordioWheel.Version}\"\n", File.ReadAllText(Path.Combine(Sources, "__init__.py")), StringComparison.Ordinal);

    [Theory]
    [InlineData("cordio", true)]
    [InlineData(" Cordio >= 0.2  # ours", true)]
    [InlineData("cordio[amqp]~=1.0; python_version > '3.9'", true)]
    [InlineData("cordiator", false)]
    [InlineData("cordio-extra==1", false)]
    [InlineData("# cordio", false)]
    [InlineData("cordio @ file:///srv/cordio.whl", false)]
    [InlineData("./wheels/cordio-0.2.0-py3-none-any.whl", false)]
    public void A_requirement_is_recognised(string line, bool isOne) => Assert.Equal(isOne, CordioRequirement.Is(line));

    [Theory]
    [InlineData("dependencies = [\"flask\", \"cordio\"]", true)]
    [InlineData("    'cordio[models]>=0.2',", true)]
    [InlineData("name = \"cordio-shop\"", false)]
    [InlineData("# \"cordio\"", false)]
    [InlineData("\"cordio @ file:///srv/cordio.whl\",", false)]
    public void So_is_one_of_a_project(string line, bool isOne) => Assert.Equal(isOne, CordioRequirement.IsInProject([line]));

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var source = entry.Open();
        using var content = new MemoryStream();
        source.CopyTo(content);
        return content.ToArray();
    }
}
