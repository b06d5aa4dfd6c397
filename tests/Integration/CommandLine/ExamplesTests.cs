using System.Diagnostics;
using System.Text.RegularExpressions;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.CommandLine;

/// <summary>The examples of every verb's <c>--help</c> are typed as they stand. Examples.Tests.ps1 runs those of the cmdlets.</summary>
public sealed partial class ExamplesTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Every_example_of_every_verb_works()
    {
        string[] isolated =
        [
            .. Environment.IsPrivilegedProcess ? [] : new[] { "--map-root-user" }, "--mount", "--pid", "--net", "--fork", "--kill-child",
            "--mount-proc", "--propagation", "private", "/bin/bash", Path.Combine(AppContext.BaseDirectory, "examples.sh"),
            Home.Executable, _home.Folder("examples"), Repository.Root,
        ];

        using var process = Process.Start(
            new ProcessStartInfo("/usr/bin/unshare", isolated) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var result = new CommandResult(process.ExitCode, await output, await error);

        Assert.SkipWhen(result.Code == 99 || Refused().IsMatch(result.Error), "this host allows no namespaces");
        // A line before the last is an example that ended otherwise, with what it said.
        Assert.True(result.Code == 0 && ExamplesAlone().Match(result.Output) is { Success: true } all
            && int.Parse(all.Groups["count"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) > 80, result.ToString());
    }

    [GeneratedRegex(@"\A(?<count>\d+) examples\n\z")]
    private static partial Regex ExamplesAlone();

    [GeneratedRegex("^unshare: .*(not permitted|denied)", RegexOptions.Multiline)]
    private static partial Regex Refused();
}
