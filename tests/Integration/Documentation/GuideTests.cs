using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Documentation;

/// <summary>What the guide tells people to type, typed: each page in a copy of the sample service, with an agent of its own.</summary>
public sealed class GuideTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public static TheoryData<string> Pages =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "docs", "guide"), "*.md")
            .Where(page => ShellBlocks.Of(File.ReadAllText(page)).Length > 0)
            .Select(page => Path.GetFileName(page)!).Order(StringComparer.Ordinal),
    ];

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_shell_line_of_a_page_works(string page)
    {
        var script = ShellBlocks.Of(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "guide", page)));

        var result = await TypeAsync(script);

        Assert.True(result.Code == 0, $"{page}: {result}");
    }

    [Fact]
    public async Task The_five_minutes_of_the_README_work()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var section = readme[readme.IndexOf("## Five minutes", StringComparison.Ordinal)..];
        var script = ShellBlocks.Of(section[..section.IndexOf("```powershell", StringComparison.Ordinal)]);

        var result = await TypeAsync(script);

        Assert.True(result.Code == 0, result.ToString());
        Assert.Contains("1.0.1", result.Output, StringComparison.Ordinal);
    }

    private async Task<CommandResult> TypeAsync(string script)
    {
        var folder = Path.Combine(_home.Folder("guide"), "flask-ping");
        var port = (await RunAsync("/", "bash", Path.Combine(Repository.Root, "samples", "prepare.sh"), folder)).Output.Trim();
        // The pages name the sample's own port, which another test or person may be using.
        return await RunAsync(folder, "bash", "-xeuo", "pipefail", "-c", script.Replace("8001", port, StringComparison.Ordinal));
    }

    private async Task<CommandResult> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["SERVICECTL_HOME"] = _home.Paths.Home;
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Home.Executable)}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        return await CommandResult.OfAsync(process);
    }
}
