using CsCheck;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Tests.Unit.Releases;

/// <summary>
/// Whatever is deployed, fails, is rolled back, pruned or killed in the middle: what is on disk says what a plain model says, one release
/// at most is current, and what a rollback needs is there.
/// </summary>
public sealed class ReleaseTreeTests : IDisposable
{
    private const int Keep = 3, KeepFailed = 2;

    private static readonly Gen<(Act Act, int KilledAt, int Choice)> AnyStep =
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 8], Gen.Int[0, 5]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tree-");

    public void Dispose() => _folder.Delete(recursive: true);

    private enum Act
    {
        Deploy,
        Fail,
        Rollback,
        RollbackTo,
        Prune,
        Capistrano,
    }

    [Fact]
    public void It_agrees_with_the_model_whatever_is_killed() => AnyStep.Array[0, 25].Sample(
        steps =>
        {
            var root = _folder.CreateSubdirectory(Guid.NewGuid().ToString("N"));
            var tree = new ReleaseTree(root.FullName, null);
            tree.Make();
            var model = new Model();
            foreach (var (act, killedAt, choice) in steps)
            {
                new Deploys(tree, model, killedAt).Do(act, choice);
                Agree(tree, model);
            }

            root.Delete(recursive: true);
        }, iter: 150, threads: 1);

    [Fact]
    public void A_folder_in_the_place_of_the_link_is_refused_and_left_alone()
    {
        var tree = new ReleaseTree(_folder.FullName, null);
        tree.Make();
        Directory.CreateDirectory(Path.Combine(tree.Current, "precious"));

        var error = Assert.Throws<ServiceCtlException>(tree.RequireLink);

        Assert.Equal(ErrorCode.FileExists, error.Code);
        Assert.True(Directory.Exists(Path.Combine(tree.Current, "precious")));
        Assert.Null(tree.FindCurrent());
    }

    [Fact]
    public void A_tree_of_Capistrano_is_taken_as_it_is_and_what_it_did_not_finish_has_failed()
    {
        var tree = new ReleaseTree(_folder.FullName, null);
        tree.Make();
        foreach (var id in (string[])["20260101000000", "20260102000000", "20260103000000"])
            Directory.CreateDirectory(tree.PathOf(id));
        foreach (var id in (string[])["20260101000000", "20260102000000"])
            File.WriteAllText(Path.Combine(tree.PathOf(id), "REVISION"), $"{id[7]}\n");
        Directory.CreateDirectory(Path.Combine(tree.Releases, "notes"));
        File.CreateSymbolicLink(tree.Current, tree.PathOf("20260102000000"));

        Assert.Equal(
            [("20260101000000", ReleaseState.Previous, "1"), ("20260102000000", ReleaseState.Current, "2"),
                ("20260103000000", ReleaseState.Failed, null)],
            tree.List().Select(release => (release.Id, release.State, release.Record.Commit)));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), tree.List()[1].Record.CreatedAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"state\": \"Flying\"}")]
    public void A_record_that_can_not_be_understood_counts_as_none(string record)
    {
        var tree = new ReleaseTree(_folder.FullName, null);
        tree.Make();
        var id = tree.Add(DateTimeOffset.UnixEpoch.AddYears(50));
        File.WriteAllText(Path.Combine(tree.PathOf(id), "release.json"), record);

        Assert.Equal(ReleaseState.Failed, Assert.Single(tree.List()).State);
    }

    private static void Agree(ReleaseTree tree, Model model)
    {
        var releases = tree.List();
        Assert.Equal(model.States.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value)),
            releases.Select(release => (release.Id, release.State)));
        Assert.True(releases.Count(release => release.State == ReleaseState.Current) <= 1);
        Assert.Equal(model.Current, tree.FindCurrent());
    }

    /// <summary>What the steps do to the disk, in their order; each may be the last that a process does.</summary>
    private sealed class Deploys(ReleaseTree tree, Model model, int killedAt)
    {
        private int _at;

        public void Do(Act act, int choice)
        {
            switch (act)
            {
                case Act.Deploy:
                    Deploy();
                    break;
                case Act.Fail:
                    Fail();
                    break;
                case Act.Rollback:
                    if (ReleasePolicy.RollbackTarget(tree.List()) is { } target)
                        Publish(target.Id, ReleaseState.Restored);
                    break;
                case Act.RollbackTo:
                    var served = tree.List().Where(release => release.HasServed).ToArray();
                    if (served.Length > 0)
                        Publish(served[choice % served.Length].Id, ReleaseState.Restored);
                    break;
                case Act.Prune:
                    Prune();
                    break;
                case Act.Capistrano:
                    Capistrano();
                    break;
            }
        }

        private bool Lives => _at++ != killedAt;

        private void Deploy()
        {
            if (!Lives)
                return;
            var id = Add();
            if (!Lives)
                return;
            tree.Write(id, new ReleaseRecord { State = ReleaseState.Building });
            if (!Lives)
                return;
            tree.Write(id, new ReleaseRecord { State = ReleaseState.Ready });
            model.States[id] = ReleaseState.Ready;
            model.Note(id, ReleaseState.Ready);
            if (Lives)
                Publish(id, ReleaseState.Previous);
        }

        private void Fail()
        {
            if (!Lives)
                return;
            var id = Add();
            if (Lives)
                tree.Write(id, new ReleaseRecord { State = ReleaseState.Failed, Problem = "as it happens" });
        }

        private string Add()
        {
            var id = tree.Add(DateTimeOffset.UnixEpoch.AddYears(56));
            // Until it is ready, it is one that nobody has finished.
            model.States[id] = ReleaseState.Failed;
            return id;
        }

        private void Publish(string id, ReleaseState former)
        {
            if (!Lives)
                return;
            tree.NoteCurrent();
            if (model.Current is { } current)
                model.Note(current, ReleaseState.Current);
            var before = tree.List().FirstOrDefault(release => release.State == ReleaseState.Current && release.Id != id);
            if (!Lives)
                return;
            SymbolicLink.Point(tree.Current, tree.PathOf(id));
            if (model.Current is { } left && left != id)
                model.States[left] = ReleaseState.Previous;
            model.Current = id;
            model.States[id] = ReleaseState.Current;
            if (!Lives)
                return;
            if (before is not null)
            {
                tree.Write(before.Id, before.Record with { State = former });
                model.States[before.Id] = former;
                model.Note(before.Id, former);
            }

            if (!Lives)
                return;
            tree.Write(id, new ReleaseRecord { State = ReleaseState.Current });
            model.Note(id, ReleaseState.Current);
        }

        private void Prune()
        {
            tree.Sweep();
            var releases = tree.List();
            var target = ReleasePolicy.RollbackTarget(releases);
            foreach (var release in ReleasePolicy.ToPrune(releases, Keep, KeepFailed))
            {
                if (!Lives)
                    return;
                Assert.NotEqual(model.Current, release.Id);
                Assert.NotEqual(target?.Id, release.Id);
                tree.Delete(release.Id);
                model.States.Remove(release.Id);
            }

            var left = tree.List();
            Assert.InRange(left.Count(release => release.State == ReleaseState.Failed), 0, KeepFailed);
            var least = Math.Min(Keep, releases.Count(release => release.HasServed));
            Assert.InRange(left.Count(release => release.HasServed), least, Keep + 2);
        }

        private void Capistrano()
        {
            if (!Lives)
                return;
            var id = Add();
            if (!Lives)
                return;
            File.WriteAllText(Path.Combine(tree.PathOf(id), "REVISION"), "abc\n");
            model.States[id] = ReleaseState.Previous;
            if (!Lives)
                return;
            SymbolicLink.Point(tree.Current, tree.PathOf(id));
            if (model.Current is { } left && left != id)
                model.States[left] = model.LastWritten(left) is { } last and not ReleaseState.Current ? last : ReleaseState.Previous;
            model.Current = id;
            model.States[id] = ReleaseState.Current;
        }
    }

    private sealed class Model
    {
        private readonly Dictionary<string, ReleaseState> _written = [];

        public Dictionary<string, ReleaseState> States { get; } = [];

        public string? Current { get; set; }

        public void Note(string id, ReleaseState state) => _written[id] = state;

        public ReleaseState? LastWritten(string id) => _written.TryGetValue(id, out var state) ? state : null;
    }
}
