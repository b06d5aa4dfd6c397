using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Packaging;

namespace ServiceCtl.Tests.Unit.Packaging;

public sealed class PackageIndexTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("index-");

    private string Index => Path.Combine(_folder.FullName, "index");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_published_stays_as_it_was_and_its_page_has_its_hash()
    {
        var one = Wheel("My.Shop", "1.0", requires: ">=3.9,<4");
        var first = await PublishAsync(one);
        var again = await PublishAsync(one, Wheel("My.Shop", "1.1"));
        var page = File.ReadAllText(Path.Combine(Index, "simple", "my-shop", "index.html"));
        var other = Wheel("My.Shop", "1.0", code: "print('another')");

        var refused = await Assert.ThrowsAsync<ServiceCtlException>(() => PublishAsync(Wheel("My.Shop", "1.2"), other));

        Assert.True(Assert.Single(first).IsNew);
        Assert.Equal([false, true], again.Select(publication => publication.IsNew));
        Assert.Contains($"<a href=\"My.Shop-1.0-py3-none-any.whl#sha256={first[0].Sha256}\" data-requires-python=\"&gt;=3.9,&lt;4\">", page,
            StringComparison.Ordinal);
        Assert.Contains("My.Shop-1.1-", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"my-shop/\">", File.ReadAllText(Path.Combine(Index, "simple", "index.html")), StringComparison.Ordinal);
        Assert.Equal(ErrorCode.FileExists, refused.Code);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(Index, "simple", "my-shop"), "*.whl").Length);
    }

    [Fact]
    public async Task A_file_that_somebody_changed_keeps_the_hash_that_it_had()
    {
        var first = await PublishAsync(Wheel("shop", "1.0"));
        File.WriteAllText(Path.Combine(Index, "simple", "shop", first[0].File), "worse");

        await PublishAsync(Wheel("shop", "1.1"));

        Assert.Contains($"{first[0].File}#sha256={first[0].Sha256}", File.ReadAllText(Path.Combine(Index, "simple", "shop", "index.html")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_writes_nothing_and_a_version_of_a_commit_belongs_into_no_index()
    {
        var planned = await ProjectPackages.PublishAsync([Wheel("shop", "1.0")], Index, true, null, CancellationToken.None);

        Assert.False(Directory.Exists(Index));
        Assert.Equal((true, false), (planned[0].IsNew, planned[0].IsDone));
        foreach (var (version, destination) in ((string, string)[])[
            ("1.0.dev1+gabc", Index), ("1.0", "ftp://host/x"), ("1.0", "https://me:secret@host/x")])
        {
            var error = await Assert.ThrowsAsync<ServiceCtlException>(
                () => ProjectPackages.PublishAsync([Wheel("shop", version)], destination, true, null, CancellationToken.None));
            Assert.Equal(ErrorCode.InvalidArgument, error.Code);
            Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("shop/__init__.py", "is not what RECORD says")]
    [InlineData("shop/extra.py", "is not in RECORD")]
    [InlineData("../evil.py", "leads out of the package")]
    [InlineData("shop-2.0.dist-info/METADATA", "several METADATA")]
    public void A_wheel_that_is_not_what_it_says_is_refused(string entry, string words)
    {
        var wheel = Wheel("shop", "1.0", spoiled: entry);

        var error = Assert.Throws<ServiceCtlException>(() => PackageReader.Read(wheel));

        Assert.Equal(ErrorCode.PackageFailed, error.Code);
        Assert.Contains(error.Report.LogLines, line => line.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("shop-1.0-py3-none-any.whl")]
    [InlineData("shop-1.0.tar.gz")]
    [InlineData("shop.zip")]
    public void What_is_no_package_is_refused(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, "nothing");

        Assert.Equal(ErrorCode.PackageFailed, Assert.Throws<ServiceCtlException>(() => PackageReader.Read(path)).Code);
    }

    private Task<IReadOnlyList<PyServicePublication>> PublishAsync(params string[] files) =>
        ProjectPackages.PublishAsync(files, Index, false, null, CancellationToken.None);

    private string Wheel(string name, string version, string? requires = null, string code = "x = 1", string? spoiled = null)
    {
        var path = Path.Combine(_folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName, $"{name}-{version}-py3-none-any.whl");
        var info = $"{name}-{version}.dist-info";
        Dictionary<string, string> files = new()
        {
            ["shop/__init__.py"] = code,
            [$"{info}/METADATA"] = $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: A shop\n"
                + (requires is null ? "" : $"Requires-Python: {requires}\n") + "\nText\n",
            [$"{info}/WHEEL"] = "Wheel-Version: 1.0\nTag: py3-none-any\n",
        };
        var record = new StringBuilder();
        foreach (var (file, text) in files)
        {
            var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            hash = hash.TrimEnd('=').Replace('+', '-').Replace('/', '_');
            record.Append(System.Globalization.CultureInfo.InvariantCulture, $"{file},sha256={hash},{text.Length}\n");
        }

        files[$"{info}/RECORD"] = $"{record}{info}/RECORD,,\n";
        if (spoiled is not null)
            files[spoiled] = "spoiled";
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (file, text) in files)
        {
            using var writer = new StreamWriter(zip.CreateEntry(file).Open());
            writer.Write(text);
        }

        return path;
    }
}
