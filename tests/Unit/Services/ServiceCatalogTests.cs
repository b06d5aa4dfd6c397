using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services.Catalog;

namespace ServiceCtl.Tests.Unit.Services;

public sealed class ServiceCatalogTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    private readonly List<string> _reported = [];

    private readonly List<ServiceCatalog> _loaded = [];

    private string File => Path.Combine(_folder, "catalog.json");

    public async ValueTask DisposeAsync()
    {
        // What is noted is written a moment later.
        await Task.WhenAll(_loaded.Select(catalog => catalog.SavedAsync()));
        Directory.Delete(_folder, recursive: true);
    }

    private void Make(string folder) =>
        System.IO.File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName, "config.yaml"), "");

    [Fact]
    public async Task What_was_added_is_there_when_it_is_loaded_again()
    {
        var catalog = Load();
        Assert.True(catalog.Add(new CatalogEntry("web", "/srv/web/config.yaml")));
        catalog.SetWanted("web", true);
        await catalog.SavedAsync();

        var again = Load();

        Assert.Equal(new CatalogEntry("web", "/srv/web/config.yaml", IsWanted: true, OrderedIn: ProcFs.BootId),
            Assert.Single(again.Entries));
        Assert.False(again.Add(new CatalogEntry("web", "/srv/web/config.yaml")));
        again.Remove("web");
        Assert.Empty(Load().Entries);
    }

    [Fact]
    public async Task Each_service_is_a_line_and_what_is_noted_of_one_leaves_the_others_as_they_were()
    {
        var catalog = Load();
        foreach (var name in (string[])["api", "jobs", "web"])
            catalog.Add(new CatalogEntry(name, $"/srv/{name}/config.yaml"));
        await catalog.SavedAsync();
        var before = await System.IO.File.ReadAllLinesAsync(File);

        catalog.SetUser("jobs", "www");
        await catalog.SavedAsync();
        var after = await System.IO.File.ReadAllLinesAsync(File);
        Assert.Equal([before[0], before[1], before[3], before[4]], [after[0], after[1], after[3], after[4]]);
        Assert.Equal(before[2].Replace("\"user\":null", "\"user\":\"www\"", StringComparison.Ordinal), after[2]);

        catalog.Remove("jobs");
        Assert.True(catalog.Add(new CatalogEntry("jobs", "/srv/other/config.yaml")));
        await catalog.SavedAsync();
        Assert.Equal(["/srv/api/config.yaml", "/srv/other/config.yaml", "/srv/web/config.yaml"],
            Load().Entries.Select(entry => entry.ConfigPath));
    }

    [Theory]
    [InlineData("web", "/srv/other/config.yaml")]
    [InlineData("other", "/srv/web/config.yaml")]
    public void A_name_and_a_file_belong_together(string name, string config)
    {
        var catalog = Load();
        catalog.Add(new CatalogEntry("web", "/srv/web/config.yaml"));

        var error = Assert.Throws<ServiceCtlException>(() => catalog.Add(new CatalogEntry(name, config)));

        Assert.Equal(ErrorCode.ServiceExists, error.Code);
    }

    [Theory]
    [InlineData("/srv/web")]
    [InlineData("/srv/web/config.yaml")]
    public void A_service_is_found_by_its_folder_or_file(string path)
    {
        var catalog = Load();
        catalog.Add(new CatalogEntry("web", "/srv/web/config.yaml"));

        Assert.Equal("web", catalog.FindByPath(path)?.Name);
        Assert.Null(catalog.FindByPath("/srv"));
    }

    [Theory]
    [InlineData("releases/1")]
    [InlineData("releases/1/config.yaml")]
    [InlineData("other")]
    public void A_service_is_found_by_whatever_link_leads_to_its_folder(string path)
    {
        var catalog = Load();
        Make("releases/1");
        Make("releases/2");
        SymbolicLink.Point(Path.Combine(_folder, "current"), "releases/1");
        SymbolicLink.Point(Path.Combine(_folder, "other"), "releases/1");
        catalog.Add(new CatalogEntry("web", Path.Combine(_folder, "current/config.yaml")));

        Assert.Equal("web", catalog.FindByPath(Path.Combine(_folder, path))?.Name);
        Assert.Null(catalog.FindByPath(Path.Combine(_folder, "releases/2")));
        Assert.Throws<ServiceCtlException>(() => catalog.Add(new CatalogEntry("twin", Path.Combine(_folder, "other/config.yaml"))));
    }

    [Fact]
    public void A_renamed_folder_is_known_again_and_another_one_is_not()
    {
        var catalog = Load();
        Make("before");
        Make("another");
        var entry = new CatalogEntry("web", Path.Combine(_folder, "before/config.yaml"),
            Folder: FolderIdentity.MarkOf(Path.Combine(_folder, "before")));
        catalog.Add(entry);
        Directory.Move(Path.Combine(_folder, "before"), Path.Combine(_folder, "after"));
        var renamed = Path.Combine(_folder, "after/config.yaml");

        Assert.Null(catalog.FindRenamed(Path.Combine(_folder, "another/config.yaml")));
        Assert.Equal(entry, catalog.FindRenamed(renamed));
        catalog.Note(entry with { ConfigPath = renamed });
        Assert.Equal("web", catalog.FindByPath(Path.Combine(_folder, "after"))?.Name);
        Assert.Null(catalog.FindRenamed(renamed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("[{\"name\": \"we")]
    [InlineData("{}")]
    [InlineData("\0\0\0\0")]
    public async Task A_damaged_file_is_set_aside_and_told_and_its_copy_takes_its_place(string content)
    {
        var before = Load();
        before.Add(new CatalogEntry("web", "/srv/web/config.yaml"));
        before.SetWanted("web", true);
        await before.SavedAsync();
        System.IO.File.WriteAllText(File, content);

        var catalog = Load();

        Assert.Equal(new CatalogEntry("web", "/srv/web/config.yaml", IsWanted: true, OrderedIn: ProcFs.BootId),
            Assert.Single(catalog.Entries));
        Assert.Contains("damaged", Assert.Single(_reported), StringComparison.Ordinal);
        Assert.Equal(content, System.IO.File.ReadAllText(Directory.GetFiles(_folder, "*.damaged-*").Single()));
    }

    [Fact]
    public void Where_the_copy_is_damaged_as_well_the_catalog_begins_anew()
    {
        System.IO.File.WriteAllText(File, "[");
        System.IO.File.WriteAllText(File + ".copy", "[");

        Assert.Empty(Load().Entries);
        Assert.Equal(2, _reported.Count);
    }

    [Fact]
    public async Task A_file_that_can_not_be_written_is_told_once_and_the_old_one_stays()
    {
        var catalog = Load();
        catalog.Add(new CatalogEntry("web", "/srv/web/config.yaml"));
        await catalog.SavedAsync();
        var whole = System.IO.File.ReadAllBytes(File);
        // Nothing can be written where a folder has the name.
        Directory.CreateDirectory(File + ".next");

        catalog.SetWanted("web", true);
        await catalog.SavedAsync();
        catalog.Remove("web");
        catalog.Flush();

        Assert.Contains("can't be written", Assert.Single(_reported), StringComparison.Ordinal);
        Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
        Directory.Delete(File + ".next");
        catalog.Flush();
        Assert.Equal(2, _reported.Count);
        Assert.Empty(Load().Entries);
    }

    private ServiceCatalog Load()
    {
        _loaded.Add(ServiceCatalog.Load(File, _reported.Add));
        return _loaded[^1];
    }
}
