namespace ServiceCtl.Tests.Unit.Docs;

public sealed class ReferencePagesTests
{
    [Fact]
    public void The_page_of_the_command_is_not_stale() => RequireFresh("servicectl.md", ReferencePages.OfCommand());

    [Fact]
    public void The_page_of_the_cmdlets_is_not_stale() => RequireFresh("cmdlets.md", ReferencePages.OfCmdlets());

    [Fact]
    public void The_page_of_the_errors_is_not_stale() => RequireFresh("errors.md", ReferencePages.OfErrors());

    [Fact]
    public void The_page_of_the_api_is_not_stale() => RequireFresh("api.md", ReferencePages.OfApi());

    private static void RequireFresh(string name, string page)
    {
        var committed = Path.Combine(Repository.Root, "docs", "reference", name);
        if (File.Exists(committed) && File.ReadAllText(committed) == page)
            return;
        var received = Path.Combine(AppContext.BaseDirectory, name);
        File.WriteAllText(received, page);
        Assert.Fail($"docs/reference/{name} does not say what the help says. Run: cp {received} {committed}");
    }
}
