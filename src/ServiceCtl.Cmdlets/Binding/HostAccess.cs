using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>How SSH reaches hosts: the parameters of PowerShell's own remoting over SSH. What is not given, ssh_config says.</summary>
public class HostAccess : HostReach
{
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    [Parameter]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    /// <param name="host">As it was given.</param>
    /// <param name="isNamed">Its name says user and port already.</param>
    internal PyServiceHost Complete(PyServiceHost host, bool isNamed = false)
    {
        var user = host.UserName ?? (isNamed ? null : UserName);
        var port = host.Port ?? (isNamed ? null : Port);
        return Reached(host) with
        {
            // By its name alone, an object of that host leads back to it.
            HostName = user == host.UserName && port == host.Port ? host.HostName : NameOf(host.Address, user, port),
            UserName = user,
            Port = port,
        };
    }

    private static string NameOf(string address, string? user, int? port) =>
        (user is null ? "" : $"{user}@") + (port is not null && address.Contains(':') ? $"[{address}]" : address)
            + (port is null ? "" : FormattableString.Invariant($":{port}"));
}
