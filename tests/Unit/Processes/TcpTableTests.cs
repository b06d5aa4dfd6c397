using System.Net;
using System.Text;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class TcpTableTests
{
    private const string Table = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 12345 1 0000000000000000 100 0 0 10 0
           1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 23456 1 0000000000000000 100 0 0 10 0
           2: 0100007F:1F90 0100007F:D4CE 01 00000000:00000000 00:00000000 00000000    33        0 34567 1 0000000000000000 20 4 30 10 -1
           3: 0100007F:1F91 0100007F:D4CF 06 00000000:00000000 03:00000A2B 00000000     0        0 0 3 0000000000000000
        """;

    [Fact]
    public void Only_listeners_are_taken()
    {
        Assert.Equal(
            [new TcpSocket(IPAddress.Loopback, 8080, 33, 12345), new TcpSocket(IPAddress.Any, 22, 0, 23456)],
            TcpTable.Listeners(Encoding.ASCII.GetBytes(Table)));
    }

    [Theory]
    [InlineData("00000000000000000000000001000000", "::1")]
    [InlineData("00000000000000000000000000000000", "::")]
    [InlineData("0000000000000000FFFF00000100007F", "127.0.0.1")]
    [InlineData("B80D0120000000000000000001000000", "2001:db8::1")]
    [InlineData("000080FE00000000FF7E5402 ", null)]
    public void IPv6_addresses_are_words_in_the_machines_order(string words, string? address)
    {
        TcpSocket? socket = TcpTable.TryParse(Encoding.ASCII.GetBytes(
            $"   0: {words}:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 99 1 0 "
                + "100 0 0 10 0"));
        Assert.Equal(address, socket?.Address.ToString());
    }

    [Theory]
    [InlineData("10.0.0.1", 80, "10.0.0.1", 81, false)]
    [InlineData("0.0.0.0", 80, "10.0.0.1", 80, true)]
    [InlineData("0.0.0.0", 80, "fd00::1", 80, false)]
    [InlineData("::", 80, "10.0.0.1", 80, true)]
    [InlineData("fe80::1", 80, "fe80::1%2", 80, true)]
    public void A_wildcard_covers_every_address_of_its_port(string listed, int port, string asked, int askedPort, bool covers) =>
        Assert.Equal(covers,
            TcpListeners.Covers(new TcpSocket(IPAddress.Parse(listed), port, 0, 1), new IPEndPoint(IPAddress.Parse(asked), askedPort)));

    [Theory]
    [InlineData("0000000000000000: 00000002 00000000 00010000 0001 01 777 /run/a b.sock", "/run/a b.sock", 777L)]
    [InlineData("0000000000000000: 00000002 00000000 00010000 0001 01 777 @abstract", "@abstract", 777L)]
    [InlineData("0000000000000000: 00000002 00000000 00010000 0001 01 777 /run/a b.sock", "/run/a", null)]
    [InlineData("0000000000000000: 00000003 00000000 00000000 0001 03 777 /run/a", "/run/a", null)]
    [InlineData("0000000000000000: 00000003 00000000 00010000 0001 01 777", "/run/a", null)]
    [InlineData("Num       RefCount Protocol Flags    Type St Inode Path", "Path", null)]
    public void Listening_unix_sockets_are_found_by_their_whole_path(string line, string path, long? inode)
    {
        long? found = UnixListeners.TryParseListener(Encoding.UTF8.GetBytes(line), out ReadOnlySpan<byte> listed);

        Assert.Equal(inode, Encoding.UTF8.GetString(listed) == path ? found : null);
    }
}
