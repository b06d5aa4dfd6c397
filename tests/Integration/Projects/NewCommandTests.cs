using System.Diagnostics;
using System.Text.Json;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Projects;

/// <summary><c>servicectl new</c>, as it is typed.</summary>
public sealed class NewCommandTests : IAsyncDisposable
{
    private readonly Home _home = new();

    private string Folder => _home.Folder("work");

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task It_makes_shows_and_updates_projects_and_says_what_it_did()
    {
        var planned = await RunAsync(0, "new", "shop", "--what-if");
        Assert.False(Path.Exists(Path.Combine(Folder, "shop")));
        var made = await RunAsync(0, "new", "shop", "--json");
        var again = await RunAsync(1, "new", "shop");
        var added = await RunAsync(0, "new", "--update", "--path", "shop", "--with", "makefile", "--what-if");
        var same = await RunAsync(0, "new", "--update", "--path", "shop");

        using var json = JsonDocument.Parse(made.Output);
        Assert.Equal("shop", json.RootElement.GetProperty("name").GetString());
        Assert.Contains("created    requirements.txt\n", planned.Output, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was changed.\n", planned.Output, StringComparison.Ordinal);
        Assert.Contains("is a project already", again.Error, StringComparison.Ordinal);
        Assert.Contains("--- /dev/null\n+++ b/Makefile\n", added.Output, StringComparison.Ordinal);
        Assert.Contains("is up to date with version", same.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conflict_exits_with_1_and_is_made_visible()
    {
        await RunAsync(0, "new", "shop");
        // As if an earlier template had had another file there.
        var record = Path.Combine(Folder, "shop/.servicectl/template.json");
        var pristine = Path.Combine(Folder, "shop/.servicectl/pristine.jsonl");
        var lines = await File.ReadAllLinesAsync(pristine);
        var at = Array.FindIndex(lines, line => line.StartsWith("{\"path\":\"CHANGELOG.md\"", StringComparison.Ordinal));
        lines[at] = "{\"path\":\"CHANGELOG.md\",\"text\":\"old\\n\"}";
        await File.WriteAllLinesAsync(pristine, lines);
        var hash = JsonDocument.Parse(await File.ReadAllTextAsync(record)).RootElement.GetProperty("files").GetProperty("CHANGELOG.md");
        await File.WriteAllTextAsync(record, (await File.ReadAllTextAsync(record)).Replace(hash.GetString()!,
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("old\n"u8)), StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(Folder, "shop/CHANGELOG.md"), "mine\n");

        var result = await RunAsync(1, "new", "--update", "--path", "shop");

        Assert.Contains("conflicted CHANGELOG.md\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("decide between the markers", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("<<<<<<< yours\nmine\n=======\n", await File.ReadAllTextAsync(Path.Combine(Folder, "shop/CHANGELOG.md")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new")]
    [InlineData("new", "shop", "--update")]
    [InlineData("new", "--list", "--update")]
    [InlineData("new", "--update", "--framework", "flask")]
    [InlineData("new", "shop", "--without", "docs")]
    [InlineData("new", "shop", "--framework", "django")]
    [InlineData("new", "shop", "--port", "0")]
    [InlineData("new", "shop", "--with", "")]
    [InlineData("new", "class")]
    [InlineData("new", "../shop")]
    [InlineData("new", "shop", "--with", "nonsense")]
    public async Task What_makes_no_sense_exits_with_2_and_changes_nothing(params string[] words)
    {
        await RunAsync(2, words);

        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task On_a_terminal_it_asks_what_was_not_chosen()
    {
        var start = new ProcessStartInfo("script", ["-qec", $"'{Home.Executable}' new --database sqlite", "/dev/null"])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["SERVICECTL_HOME"] = _home.Paths.Home;
        using var terminal = Process.Start(start)!;
        // The name, a framework that there is not and one that there is, the layout, a part.
        await terminal.StandardInput.WriteAsync("stall\nnonsense\nfastapi\nminimal\n\n");
        await terminal.StandardInput.FlushAsync();
        var output = await terminal.StandardOutput.ReadToEndAsync();
        await terminal.WaitForExitAsync();

        Assert.Contains("Layout (", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Database (", output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(Folder, "stall", "home")), output);
    }

    /// <summary>Root trusts nothing that others can change: there it acts as whose the folder is.</summary>
    [Fact]
    public async Task Root_makes_a_project_in_the_folder_of_another_user_as_that_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root has other users.");
        using var user = new ThrowawayUser();
        ThrowawayUser.Open(Folder);
        user.Own(Folder);

        await RunAsync(0, "new", "shop");
        var updated = await RunAsync(0, "new", "--update", "--path", "shop", "--with", "makefile");

        Assert.Contains("created    Makefile\n", updated.Output, StringComparison.Ordinal);
        var owners = await CommandResult.RunAsync("find", Path.Combine(Folder, "shop"), "-not", "-user", user.Name);
        Assert.Equal("", owners.Output);
    }

    private async Task<CommandResult> RunAsync(int code, params string[] words)
    {
        var result = await _home.RunAsync(Folder, words);
        Assert.True(result.Code == code, result.ToString());
        return result;
    }
}
