using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

/// <summary>The kinds of installation that PowerShell has, as folders with the files that tell them apart.</summary>
public sealed class PowerShellCommandTests : IDisposable
{
    private const string Dotnet = "/usr/bin/dotnet";

    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_package_is_run_by_its_program_and_by_the_link_to_it_where_there_is_one()
    {
        var program = File("opt/7/pwsh");
        File("opt/7/pwsh.dll");
        File("opt/7/libcoreclr.so");
        File("other/pwsh");
        Assert.Equal((program, ""), Shown(PowerShellCommand.OfHome(At("opt/7"), [At("other"), At("nowhere")], Dotnet)));

        var link = Link("bin/pwsh", program);
        Assert.Equal((link, ""), Shown(PowerShellCommand.OfHome(At("opt/7"), [At("other"), At("bin")], Dotnet)));
        Assert.Equal((link, ""), Shown(PowerShellCommand.FindIn([At("nowhere"), At("bin")], dotnet: null)));
    }

    [Theory]
    [InlineData("tools/pwsh")]
    [InlineData("bin/pwsh")]
    public void A_tool_is_run_by_dotnet_not_by_what_would_start_a_child(string found)
    {
        var library = Tool("7.6.9", "10.0", DateTime.UnixEpoch.AddDays(1));
        Tool("7.4.1", "8.0", DateTime.UnixEpoch);
        Link("bin/pwsh", File("tools/pwsh"));

        Assert.Equal((Dotnet, library), Shown(PowerShellCommand.FindIn([Path.GetDirectoryName(At(found))!], Dotnet)));
        Assert.Equal((Dotnet, library), Shown(PowerShellCommand.OfHome(Path.GetDirectoryName(library)!, [At("bin"), At("tools")], Dotnet)));
        Assert.Null(PowerShellCommand.FindIn([Path.GetDirectoryName(At(found))!], dotnet: null));
    }

    [Fact]
    public void A_link_that_goes_by_its_name_as_those_of_snap_do_is_not_followed()
    {
        var link = Link("snap/pwsh", File("usr/snap"));

        Assert.Equal((link, ""), Shown(PowerShellCommand.FindIn([At("snap")], Dotnet)));
    }

    [Fact]
    public void A_program_that_only_hosts_PowerShell_has_none()
    {
        File("app/libcoreclr.so");

        Assert.Null(PowerShellCommand.OfHome(At("app"), [], Dotnet));
    }

    private string Tool(string version, string framework, DateTime made)
    {
        var folder = $"tools/.store/powershell/{version}/powershell/{version}/tools/net{framework}/any";
        File($"{folder}/win/pwsh.dll");
        File($"{folder}/unix/pwsh");
        var library = File($"{folder}/unix/pwsh.dll");
        System.IO.File.SetLastWriteTimeUtc(library, made);
        return library;
    }

    private string At(string path) => Path.Combine(_folder, path);

    private string File(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        System.IO.File.WriteAllText(At(path), "");
        return At(path);
    }

    private string Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        System.IO.File.CreateSymbolicLink(At(path), target);
        return At(path);
    }

    private static (string?, string?) Shown(PowerShellCommand? command) =>
        (command?.Program, command is null ? null : string.Join(' ', command.Arguments));
}
