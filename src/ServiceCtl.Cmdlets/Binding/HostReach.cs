using System.Collections;
using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>How SSH reaches hosts, beside the user and the port, which their names may say.</summary>
public class HostReach
{
    /// <summary>The file of a private key.</summary>
    [Parameter]
    [Alias("IdentityFilePath")]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>Options of OpenSSH's client, as ssh_config has them.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Options { get; set; }

    /// <summary>Milliseconds until a host has to answer.</summary>
    [Parameter]
    [ValidateRange(1000, 600_000)]
    public int? ConnectingTimeout { get; set; }

    /// <summary>Ask root's agent over there, by <c>sudo -n</c>.</summary>
    [Parameter]
    public SwitchParameter Sudo { get; set; }

    internal PyServiceHost Reached(PyServiceHost host) => host with
    {
        KeyFilePath = KeyFilePath ?? host.KeyFilePath,
        Options = Options is null ? host.Options : Options.Cast<DictionaryEntry>().ToDictionary(
            option => $"{option.Key}", option => $"{option.Value}", StringComparer.OrdinalIgnoreCase),
        ConnectingTimeout = ConnectingTimeout is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : host.ConnectingTimeout,
        Sudo = Sudo || host.Sudo,
    };
}
