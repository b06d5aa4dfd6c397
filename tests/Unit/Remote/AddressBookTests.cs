using CsCheck;
using ServiceCtl.Engine.Remote;

namespace ServiceCtl.Tests.Unit.Remote;

/// <summary>No address is lost, whatever changes while it is on its way.</summary>
public sealed class AddressBookTests
{
    private static readonly string[] Modules = ["auth", "billing", "search"];

    [Fact]
    public void Who_serves_knows_the_last_word_of_everything_when_nothing_is_untold() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 3]).Array[0, 60].Sample(
        steps =>
        {
            var book = AddressBook.Empty;
            var last = new Dictionary<string, int>();
            var known = new Dictionary<string, IReadOnlyList<string>>();
            ModuleAddresses? onItsWay = null;
            var sentTo = 0;
            var generation = 0;
            foreach (var (what, module, hosts) in steps)
            {
                switch (what)
                {
                    case 0 or 1:
                        book = book.With(Modules[module], Hosts(hosts));
                        last[Modules[module]] = hosts;
                        break;
                    case 2:
                        book = book.Begin(++generation);
                        known.Clear();
                        break;
                    case 3:
                        book = book.End();
                        break;
                    case 4 when onItsWay is null && book.Untold.Count > 0:
                        var next = book.Untold[module % book.Untold.Count];
                        (onItsWay, sentTo) = (new ModuleAddresses(next, book.Hosts[next]), book.Generation!.Value);
                        break;
                    case 5 when onItsWay is not null:
                        // It may reach a generation that has ended, and then nobody.
                        if (sentTo == generation)
                            known[onItsWay.Module] = onItsWay.Hosts;
                        book = book.Reported(sentTo, onItsWay);
                        onItsWay = null;
                        break;
                }

                Assert.All(last, word => Assert.Equal(Hosts(word.Value), book.Hosts[word.Key]));
                if (book.Generation is not null)
                    Assert.All(book.Hosts.Keys.Except(book.Untold), told => Assert.Equal(book.Hosts[told], known[told]));
            }
        },
        iter: 20_000);

    [Fact]
    public void The_same_again_is_no_news()
    {
        var book = AddressBook.Empty.With("auth", ["a:1"]);
        Assert.Same(book, book.With("auth", ["a:1"]));
        Assert.Empty(book.Untold);
        Assert.Equal(["auth"], book.Begin(1).Untold);
        Assert.Empty(book.Begin(1).Reported(1, new ModuleAddresses("auth", ["a:1"])).Untold);
    }

    private static string[] Hosts(int count) => [.. Enumerable.Range(1, count).Select(number => $"10.0.0.{number}:80")];
}
