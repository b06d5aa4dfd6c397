using System.Net;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Services;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:8001", "127.0.0.1:8001", "127.0.0.1:8001")]
    [InlineData(":8001", "0.0.0.0:8001", "127.0.0.1:8001")]
    [InlineData("*:8001", "0.0.0.0:8001", "127.0.0.1:8001")]
    [InlineData("localhost:8001", "127.0.0.1:8001", "127.0.0.1:8001")]
    [InlineData("[::]:8001", "[::]:8001", "[::1]:8001")]
    public void A_tcp_address_is_bound_as_written_and_reached_from_here(string text, string bound, string local)
    {
        Assert.True(ListenAddress.TryParse(text, "/srv", out var address));
        Assert.Equal(IPEndPoint.Parse(bound), address.EndPoint);
        Assert.Equal(IPEndPoint.Parse(local), address.LocalEndPoint);
        Assert.Equal(bound, address.ToString());
    }

    [Fact]
    public void A_relative_socket_starts_at_the_services_folder()
    {
        Assert.True(ListenAddress.TryParse("./tmp/web.sock", "/srv/web", out var address));
        Assert.Equal("/srv/web/tmp/web.sock", address.UnixPath);
        Assert.Null(address.EndPoint);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("web.example:80")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    public void What_can_not_be_listened_on_is_no_address(string? text) => Assert.False(ListenAddress.TryParse(text, "/srv", out _));
}
