using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.New, Noun + "ImageFile", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceImageFile))]
public sealed class NewPyServiceImageFileCommand : ServiceImageCommand
{
    /// <summary>-WhatIf: what would be written is shown.</summary>
    private bool _isPlan;

    private protected override bool IsConfirmed(string target)
    {
        const string Action = "Write Dockerfile, .dockerignore and compose.yaml where they are missing";
        var isDone = ShouldProcess($"Performing the operation \"{Action}\" on target \"{target}\".", $"{Action} for {target}?", "Confirm",
            out var reason);
        _isPlan = !isDone;
        return isDone || reason == ShouldProcessReason.WhatIf;
    }

    private protected override async Task ActAsync(EngineCall call, ImageSource source, string name)
    {
        foreach (var file in await call.Client.Images.MakeFilesAsync(source, _isPlan, call.Cancellation))
            call.WriteObject(file);
    }
}
