using System.Management.Automation;
using System.Reflection;
using System.Runtime.Versioning;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Pipeline;

/// <summary>What is marked with <see cref="SupportedOSPlatformAttribute"/> ends elsewhere before it begins.</summary>
internal static class LinuxOnly
{
    public static void Require(PSCmdlet cmdlet)
    {
        if (!LocalHost.HasServices && cmdlet.GetType().IsDefined(typeof(SupportedOSPlatformAttribute)))
            cmdlet.ThrowTerminatingError(ErrorRecords.Create(LocalHost.Unsupported(cmdlet.MyInvocation.MyCommand.Name)));
    }
}
