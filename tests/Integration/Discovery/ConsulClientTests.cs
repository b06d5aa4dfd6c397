using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ServiceCtl.Engine.Discovery;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Discovery;

/// <summary>The client of Consul's API against its documented answers.</summary>
public sealed class ConsulClientTests : IAsyncDisposable
{
    private static readonly TimeSpan Wait = Patience.Limit;

    private readonly FakeConsul _consul = new();

    public ValueTask DisposeAsync() => _consul.DisposeAsync();

    [Fact]
    public async Task A_service_is_registered_found_and_deregistered()
    {
        using var client = Client();

        await client.RegisterAsync(Service("web-1", 8001), CancellationToken.None);
        var services = await client.GetServicesAsync(CancellationToken.None);
        var healthy = await client.GetHealthyAsync("web", 0, Wait, CancellationToken.None);

        Assert.True(Service("web-1", 8001).IsLike(services["web-1"]));
        Assert.Equal("10.1.1.1:8001", Assert.Single(healthy.Value).HostAndPort);
        Assert.Equal("""{"HTTP":"http://10.1.1.1:8001/ping","Interval":"10s"}""", _consul.Service("web-1")!["Check"]!.ToJsonString());
        Assert.True(await client.DeregisterAsync("web-1", CancellationToken.None));
        Assert.False(await client.DeregisterAsync("web-1", CancellationToken.None));
        Assert.Empty(await client.GetServicesAsync(CancellationToken.None));
    }

    /// <summary>What answers there may be anybody: it has no more of the agent than a message.</summary>
    [Theory]
    [InlineData("application/json", "[null]")]
    [InlineData("application/json", "{}")]
    [InlineData("application/json", "[{\"Node\":null,\"Service\":{\"ID\":\"a\",\"Service\":\"a\",\"Address\":null}}]")]
    [InlineData("application/json", "[{\"Node\":{\"Address\":17}}]")]
    [InlineData("application/json; charset=nosuch", "[]")]
    [InlineData("application/json", null)]
    public async Task An_answer_that_lies_is_refused_or_says_nothing(string type, string? body)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            await socket.ReceiveAsync(new byte[4096]);
            await socket.SendAsync(
                Encoding.ASCII
                    .GetBytes($"HTTP/1.1 200 OK\r\nX-Consul-Index: 7\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n{body}"));
            // One that never ends, until nobody reads it any more.
            var piece = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
            try
            {
                for (var sent = 0; body is null && sent < 1 << 30; sent += piece.Length)
                    await socket.SendAsync(piece);
            }
            catch (SocketException)
            {
                // It has hung up.
            }
        });
        using var client = new ConsulClient("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, token: null);

        try
        {
            Assert.Empty((await client.GetHealthyAsync("web", 0, Wait, CancellationToken.None)).Value);
        }
        catch (ConsulException refused)
        {
            Assert.NotEmpty(refused.Message);
        }

        await answering;
    }

    [Fact]
    public async Task A_watch_returns_at_the_change_and_not_before()
    {
        using var client = Client();
        _consul.SetValue("config/web", "one");
        var first = await client.GetValueAsync("config/web", 0, Wait, CancellationToken.None);

        var watch = client.GetValueAsync("config/web", first.Index, Wait, CancellationToken.None);
        Assert.False(watch.IsCompleted);
        _consul.SetValue("config/web", "two");
        var second = await watch;
        _consul.SetValue("config/web", null);
        var third = await client.GetValueAsync("config/web", second.Index, Wait, CancellationToken.None);

        Assert.Equal("one", Encoding.UTF8.GetString(first.Value!));
        Assert.Equal("two", Encoding.UTF8.GetString(second.Value!));
        Assert.True(second.Index > first.Index);
        Assert.Null(third.Value);
    }

    [Fact]
    public async Task A_watch_in_vain_ends_after_its_wait_with_what_there_is()
    {
        using var client = Client();
        _consul.SetValue("key", "value");
        var first = await client.GetValueAsync("key", 0, Wait, CancellationToken.None);

        var again = await client.GetValueAsync("key", first.Index, TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.Equal((first.Index, "value"), (again.Index, Encoding.UTF8.GetString(again.Value!)));
    }

    [Fact]
    public async Task An_index_that_goes_backwards_begins_anew()
    {
        using var client = Client();
        var first = await client.GetHealthyAsync("web", 0, Wait, CancellationToken.None);

        _consul.ResetIndex();
        var second = await client.GetHealthyAsync("web", first.Index, Wait, CancellationToken.None);

        Assert.Equal(0UL, second.Index);
    }

    [Fact]
    public async Task A_token_that_may_not_is_told_and_never_shown()
    {
        await using var guarded = new FakeConsul { Token = "right" };
        using var refused = new ConsulClient("127.0.0.1", guarded.HttpPort, "wrong-token");
        using var allowed = new ConsulClient("127.0.0.1", guarded.HttpPort, "right");

        var error = await Assert.ThrowsAsync<ConsulException>(() => refused.GetServicesAsync(CancellationToken.None));

        Assert.Contains("forbids GET agent/services", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-token", error.Message, StringComparison.Ordinal);
        Assert.Empty(await allowed.GetServicesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Nobody_there_and_somebody_silent_are_told_apart_and_in_time()
    {
        using var nobody = new ConsulClient("127.0.0.1", LocalService.FreePort(), null);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var waiting = new ConsulClient("127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port, null);

        var refused = await Assert.ThrowsAsync<ConsulException>(() => nobody.GetServicesAsync(CancellationToken.None));
        var late = await Assert.ThrowsAsync<ConsulException>(() => waiting.GetServicesAsync(CancellationToken.None));

        Assert.Contains("can't be reached", refused.Message, StringComparison.Ordinal);
        Assert.Contains("did not answer GET agent/services within 5 s", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_answer_is_told()
    {
        using var client = Client();
        _consul.Register(new JsonObject { ["ID"] = "x", ["Name"] = "x", ["Port"] = "no number" });

        var error = await Assert.ThrowsAsync<ConsulException>(() => client.GetServicesAsync(CancellationToken.None));

        Assert.Contains("is not Consul", error.Message, StringComparison.Ordinal);
    }

    private ConsulClient Client() => new("127.0.0.1", _consul.HttpPort, null);

    private static ConsulService Service(string id, int port) => new()
    {
        Name = "web",
        Id = id,
        Address = "10.1.1.1",
        Port = port,
        Tags = ["a", "b"],
        Check = new ConsulCheck { Http = $"http://10.1.1.1:{port}/ping", Interval = "10s" },
    };
}
