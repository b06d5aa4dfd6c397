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
        var isWanted = PlannedAction.IsWanted(this, Action, target, $"{Action} for {target}?", out var isDone);
        _isPlan = !isDone;
        return isWanted;
    }

    private protected override async Task ActAsync(EngineCall call, ImageSource source, string name)
    {
        foreach (var file in await call.Client.Images.MakeFilesAsync(source, _isPlan, call.Cancellation))
            call.WriteObject(file);
    }
}
