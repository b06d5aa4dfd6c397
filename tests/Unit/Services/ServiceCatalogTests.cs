using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Services;

public sealed class ServiceCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    private string File => Path.Combine(_folder, "catalog.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_added_is_there_when_it_is_loaded_again()
    {
        var catalog = ServiceCatalog.Load(File);
        Assert.True(catalog.Add(new CatalogEntry("web", "/srv/web/config.yaml")));
        catalog.SetWanted("web", true);
        await catalog.FlushAsync();

        var again = ServiceCatalog.Load(File);

        Assert.Equal(new CatalogEntry("web", "/srv/web/config.yaml", IsWanted: true), Assert.Single(again.Entries));
        Assert.False(again.Add(new CatalogEntry("web", "/srv/web/config.yaml")));
        again.Remove("web");
        Assert.Empty(ServiceCatalog.Load(File).Entries);
    }

    [Theory]
    [InlineData("web", "/srv/other/config.yaml")]
    [InlineData("other", "/srv/web/config.yaml")]
    public void A_name_and_a_file_belong_together(string name, string config)
    {
        var catalog = ServiceCatalog.Load(File);
        catalog.Add(new CatalogEntry("web", "/srv/web/config.yaml"));

        var error = Assert.Throws<ServiceCtlException>(() => catalog.Add(new CatalogEntry(name, config)));

        Assert.Equal(ErrorCode.ServiceExists, error.Code);
    }

    [Theory]
    [InlineData("/srv/web")]
    [InlineData("/srv/web/config.yaml")]
    public void A_service_is_found_by_its_folder_or_file(string path)
    {
        var catalog = ServiceCatalog.Load(File);
        catalog.Add(new CatalogEntry("web", "/srv/web/config.yaml"));

        Assert.Equal("web", catalog.FindByPath(path)?.Name);
        Assert.Null(catalog.FindByPath("/srv"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[{\"name\": \"we")]
    [InlineData("{}")]
    [InlineData("\0\0\0\0")]
    public async Task A_damaged_file_is_set_aside_and_told(string content)
    {
        System.IO.File.WriteAllText(File, content);

        var catalog = ServiceCatalog.Load(File);

        Assert.Contains("damaged", catalog.Problem, StringComparison.Ordinal);
        Assert.Equal(content, System.IO.File.ReadAllText(Directory.GetFiles(_folder, "*.damaged-*").Single()));
        catalog.Add(new CatalogEntry("web", "/srv/web/config.yaml"));
        await catalog.FlushAsync();
        Assert.Null(ServiceCatalog.Load(File).Problem);
    }
}
