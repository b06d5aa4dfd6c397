using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Hosts;

/// <summary>Hosts as people write them, and what is made of them for ssh.</summary>
public sealed class HostAddressTests
{
    [Theory]
    [InlineData("web1", "web1", null, null)]
    [InlineData("deploy@web1", "web1", "deploy", null)]
    [InlineData("deploy@web1.example.org:2222", "web1.example.org", "deploy", 2222)]
    [InlineData("ssh://deploy@web1:22/", "web1", "deploy", 22)]
    [InlineData("[fe80::1%eth0]:2222", "fe80::1%eth0", null, 2222)]
    [InlineData("::1", "::1", null, null)]
    [InlineData("10.0.0.1:22", "10.0.0.1", null, 22)]
    public void A_host_has_a_name_and_may_have_a_user_and_a_port(string text, string address, string? user, int? port)
    {
        var host = HostAddress.Parse(text);

        Assert.Equal((address, user, port), (host.Address, host.UserName, host.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-oProxyCommand=touch")]
    [InlineData("-l@web1")]
    [InlineData("web1;reboot")]
    [InlineData("web1 reboot")]
    [InlineData("$(reboot)")]
    [InlineData("web1:0")]
    [InlineData("web1:65536")]
    [InlineData("web1\n")]
    [InlineData("@web1")]
    [InlineData("a@b@c")]
    public void What_is_no_host_never_reaches_ssh(string text)
    {
        Assert.Null(HostAddress.TryParse(text));
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<ServiceCtlException>(() => HostAddress.Parse(text)).Code);
    }

    [Fact]
    public void Nothing_that_a_user_adds_makes_ssh_ask_forward_or_share()
    {
        var arguments = SshCommand.Arguments(HostAddress.Parse("deploy@web1:2222") with
        {
            KeyFilePath = "/keys/one",
            Options = new Dictionary<string, string> { ["BatchMode"] = "no", ["ControlMaster"] = "auto", ["Compression"] = "yes" },
        }, "-T", "true").ToList();

        // Of an option that is given twice, ssh takes the first.
        Assert.True(arguments.IndexOf("BatchMode=yes") < arguments.IndexOf("BatchMode=no"));
        Assert.True(arguments.IndexOf("ControlMaster=no") < arguments.IndexOf("ControlMaster=auto"));
        Assert.Contains("Compression=yes", arguments);
        Assert.Equal(["-l", "deploy", "-p", "2222", "-i", "/keys/one", "--", "web1"], arguments[^9..^1]);
        Assert.DoesNotContain(arguments, argument => argument.StartsWith("StrictHostKeyChecking", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_to_complete_are_those_of_ssh_config_and_of_known_hosts()
    {
        Assert.Equal(["web1", "web2"], KnownHosts.OfConfig(["# hosts", "Host web1 web2 *.example.org !web3", "  HostName a", "Match all"]));
        Assert.Equal(["web1", "10.0.0.1", "web2:2222"],
            KnownHosts.OfKeys(
                ["web1,10.0.0.1 ssh-ed25519 AAAA", "[web2]:2222 ssh-rsa AAAA", "|1|hash|hash ssh-rsa AAAA", "@revoked * x y"]));
    }
}
