using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Health;

namespace ServiceCtl.Tests.Unit.Health;

/// <summary>What a service says of its inside, whatever it says.</summary>
public sealed class StatePageTests
{
    [Fact]
    public void It_is_read_with_secrets_masked()
    {
        var inside = Read("""
            {"version": "1.2.0", "pid": 7, "tasks": [{"name": "mail", "since": 1700000000.5}, {"name": "tick", "event": "every 1h",
            "next": 1700003600, "runs": 3}], "handlers": [{"event": "GET /x", "name": "shop.x", "place": "/srv/shop.py:3"}],
            "services": [{"name": "db", "made": true, "requires": ["config"]}, {"name": "spare", "made": false}],
            "certificates": [{"path": "/a.pem", "expires": "2026-12-09T12:00:00+00:00"}, {"path": "/b.pem", "error": "No such file"}],
            "configuration": {"db": {"host": "hunter2-canary"}}}
            """, "hunter2-canary");

        Assert.Equal("2 tasks, 1 handler, 1 of 2 services made, version 1.2.0", inside.ToString());
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1700000000500), inside.Tasks[0].Since);
        Assert.StartsWith("every 1h: tick, 3 runs, next at ", inside.Tasks[1].ToString(), StringComparison.Ordinal);
        Assert.Equal("GET /x: shop.x", inside.Handlers[0].ToString());
        Assert.Equal(["db requires config", "spare (not used yet)"], inside.Parts.Select(part => part.ToString()));
        Assert.Equal(
            ["/a.pem, valid until 2026-12-09 12:00 UTC", "/b.pem: No such file"], inside.Certificates.Select(one => one.ToString()));
        Assert.Equal("""{"db": {"host": "********"}}""", inside.Configuration);
        Assert.Null(inside.Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"version": "\ud800"}""")]
    public void What_is_no_such_page_is_a_problem(string text) => Assert.NotNull(Read(text).Problem);

    [Theory]
    [InlineData("""{"tasks": 1, "handlers": "x", "services": {}, "certificates": [1, null], "pid": "7", "configuration": 1}""")]
    [InlineData("""{"pid": 1e99, "tasks": [{"name": 1, "since": -1, "next": 1e300, "runs": 1.5}], "certificates": [{"expires": 1}]}""")]
    public void What_is_of_another_kind_is_left_out(string text)
    {
        var inside = Read(text);

        Assert.Null(inside.Problem);
        Assert.Null(inside.Pid);
        Assert.Null(inside.Configuration);
        Assert.All(inside.Tasks, task => Assert.Equal((null, null, 0), (task.Since, task.Next, task.Runs)));
        Assert.NotEmpty(inside.ToString());
    }

    [Fact]
    public void What_is_long_is_cut()
    {
        var many = string.Join(",", Enumerable.Repeat($$"""{"event": "{{new string('x', 5000)}}"}""", 1000));
        var inside = Read($$$"""{"handlers": [{{{many}}}], "configuration": {"a": "{{{new string('y', 100_000)}}}"}}""");

        Assert.Equal(200, inside.Handlers.Count);
        Assert.True(inside.Handlers[0].Event.Length < 400);
        Assert.True(inside.Configuration!.Length < 70_000);
    }

    [Fact]
    public void A_certificate_that_ends_soon_is_a_problem_of_the_service()
    {
        var now = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

        string? Find(DateTimeOffset? expires) => StateProbe.FindProblem(new PyServiceInside
        {
            Certificates = [new PyServiceCertificate { Path = "/a.pem", Expires = expires, Problem = expires is null ? "gone" : null }],
        }, now);

        Assert.Null(Find(now.AddDays(15)));
        Assert.Equal("The certificate /a.pem expires in 9 days.", Find(now.AddDays(9.5)));
        Assert.Equal("The certificate /a.pem has expired.", Find(now.AddSeconds(-1)));
        Assert.Equal("The certificate /a.pem can't be read: gone", Find(null));
    }

    private static PyServiceInside Read(string text, params string[] secrets) =>
        StatePage.Read(Encoding.UTF8.GetBytes(text), SecretMask.Of(secrets));
}
