using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class FileSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servicectl-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_missing_file_is_told_as_missing()
    {
        var exception = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(Path.Combine(_folder, "config.yaml")));

        Assert.Equal(ErrorCode.ConfigNotFound, exception.Code);
        Assert.Contains("config.yaml", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_no_file() => Assert.Contains("folder", (await ProblemOfAsync(_folder)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_circle_of_links_is_told()
    {
        var link = Path.Combine(_folder, "config.yaml");
        File.CreateSymbolicLink(link, link);

        Assert.Contains("can't be read", (await ProblemOfAsync(link)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_without_reading_it_whole()
    {
        var path = Path.Combine(_folder, "config.yaml");
        await using (var file = File.Create(path))
            file.SetLength(100L * 1024 * 1024 * 1024);

        Assert.Contains("larger than 10 MiB", (await ProblemOfAsync(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_device_ends_at_the_limit() =>
        Assert.Contains("larger than 10 MiB", (await ProblemOfAsync("/dev/zero")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Invalid_UTF_8_is_told_with_its_place()
    {
        var problem = await ProblemOfAsync(Write([.. "a: 1\nb: é"u8, 0xFF, .. "\n"u8]));

        Assert.Equal((2, 5), (problem.Line, problem.Column));
        Assert.Contains("0xFF", problem.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", problem.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", 3)]
    [InlineData("utf-16", 2)]
    [InlineData("utf-16BE", 2)]
    public async Task A_byte_order_mark_is_understood(string encodingName, int markLength)
    {
        var encoding = Encoding.GetEncoding(encodingName);
        Assert.Equal(markLength, encoding.GetPreamble().Length);

        var root = await ReadAsync(Write([.. encoding.GetPreamble(), .. encoding.GetBytes("name: é\n")]));

        Assert.Equal("é", root!.Find("name")!.ToString());
        Assert.Equal((1, 7), (root.Find("name")!.Origin.Line, root.Find("name")!.Origin.Column));
    }

    [Fact]
    public async Task Values_know_the_file_and_its_folder()
    {
        var path = Write("TMP_DIR: tmp\n"u8.ToArray());

        var origin = (await ReadAsync(path))!.Find("TMP_DIR")!.Origin;

        Assert.Equal($"{path}:1:10", origin.Place);
        Assert.Equal(_folder, origin.Folder);
    }

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(_folder, "config.yaml");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static Task<ConfigMapping?> ReadAsync(string path) =>
        new FileSource(path).ReadAsync(new ProblemList(), new ProblemList(), TestContext.Current.CancellationToken);

    private static async Task<ConfigurationProblem> ProblemOfAsync(string path)
    {
        var problems = new ProblemList();
        Assert.Null(await new FileSource(path).ReadAsync(problems, new ProblemList(), TestContext.Current.CancellationToken));
        var problem = Assert.Single(problems.Sorted());
        Assert.NotNull(problem.Line);
        Assert.NotNull(problem.Column);
        Assert.NotNull(problem.Advice);
        return problem;
    }
}
