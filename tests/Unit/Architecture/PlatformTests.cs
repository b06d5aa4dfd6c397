using System.Reflection;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Templates;

namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>
/// PowerShell on any system acts on Linux hosts. What is local is marked, and the platform analyzer (CA1416), whose warnings are errors in
/// Release, holds that nothing else calls it. It can, as long as the assemblies themselves are not marked.
/// </summary>
public sealed class PlatformTests
{
    private static readonly string[] ForAnySystem = ["ServiceCtl.Contracts", "ServiceCtl.Client", "ServiceCtl.Cmdlets"];

    [Fact]
    public void Contracts_and_client_are_for_any_system_and_the_engine_is_for_Linux()
    {
        Assert.Empty(typeof(PyService).Assembly.GetCustomAttributes<SupportedOSPlatformAttribute>());
        Assert.Empty(typeof(ServiceCtlClient).Assembly.GetCustomAttributes<SupportedOSPlatformAttribute>());
        Assert.Equal("linux", typeof(ConfigurationFormat).Assembly.GetCustomAttribute<SupportedOSPlatformAttribute>()!.PlatformName);
    }

    [Fact]
    public void What_is_for_any_system_calls_no_native_library_and_silences_no_analyzer()
    {
        var src = Path.Combine(Repository.Root, "src");
        string[] forbidden = ["LibraryImport", "DllImport", "CA1416"];

        Assert.Empty(
            from assembly in ForAnySystem
            from file in Directory.EnumerateFiles(Path.Combine(src, assembly), "*.cs", SearchOption.AllDirectories)
            where Path.GetRelativePath(src, file).Split('/') is var parts && !parts.Contains("bin") && !parts.Contains("obj")
            where forbidden.Any(File.ReadAllText(file).Contains)
            select file);
    }

    [Fact]
    public void This_system_has_services()
    {
        Assert.True(LocalHost.HasServices);
    }

    [Theory]
    [InlineData("a.yaml")]
    [InlineData("a.yml")]
    [InlineData("A.JSON")]
    [InlineData("a.jsonc")]
    [InlineData("a.toml")]
    [InlineData("a.ini")]
    [InlineData("a.cfg")]
    [InlineData(".env")]
    [InlineData(".env.local")]
    [InlineData("a.txt")]
    [InlineData("a")]
    public void A_file_to_push_has_the_format_elsewhere_that_it_has_here(string file)
    {
        Assert.Equal(ConfigurationTemplate.FormatOf(file), PushedFile.FormatOf(file));
    }

    [Fact]
    public void All_extensions_of_configurations_are_known_elsewhere()
    {
        Assert.All(ConfigurationFormat.All.SelectMany(format => format.Extensions), extension =>
            Assert.Equal(ConfigurationTemplate.FormatOf($"a{extension}"), PushedFile.FormatOf($"a{extension}")));
    }

    [Fact]
    public async Task A_file_to_push_that_is_not_there_is_the_same_error_elsewhere()
    {
        var missing = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.yaml");

        var here = await Assert.ThrowsAsync<ServiceCtlException>(() => PushedFile.ReadAsync(missing, CancellationToken.None));
        var elsewhere = await Assert.ThrowsAsync<ServiceCtlException>(() => PushedFile.ReadTextAsync(missing, CancellationToken.None));

        Assert.Equal(here.Code, elsewhere.Code);
        Assert.Equal(here.Message, elsewhere.Message);
    }
}
