using System.Collections.Concurrent;
using ServiceCtl.Engine.Git;

namespace ServiceCtl.Tests.Unit.Git;

public sealed class CheckoutTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_found_for_one_folder_holds_for_those_beside_it_and_for_no_other()
    {
        foreach (var path in (string[])["app/.git", "app/web", "app/jobs/nightly", "app/inner/.git", "app/inner/lib", "plain/web"])
            Directory.CreateDirectory(Path.Combine(_folder, path));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "plain/link"), Path.Combine(_folder, "app/inner/lib"));
        (string Folder, string? Root)[] expected =
        [
            ("app/web", "app"), ("app/jobs/nightly", "app"), ("app", "app"), ("app/inner/lib", "app/inner"), ("app/inner", "app/inner"),
            ("plain/web", null), ("plain", null), ("plain/link", "app/inner"), ("plain/absent", null), ("app/web/", "app"),
        ];
        foreach (var order in (IEnumerable<(string Folder, string? Root)>[])[expected, expected.Reverse()])
        {
            var known = new ConcurrentDictionary<string, string?>();
            foreach (var (folder, root) in order)
            {
                Assert.Equal(At(root), Checkout.FindRoot(At(folder)!, known));
                Assert.Equal(At(root), Checkout.FindRoot(At(folder)!));
            }
        }

        string? At(string? path) => path is null ? null : Path.Combine(_folder, path);
    }
}
