using System.Management.Automation;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;

namespace ServiceCtl.Cmdlets;

/// <summary>
/// Runs a program as a service would. It has the terminal, as any program that is typed has; in a pipeline its lines go on.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "PyServiceCommand")]
[OutputType(typeof(string))]
public sealed class InvokePyServiceCommandCommand : EngineCommand
{
    /// <summary>How long a program may take to end by Ctrl+C, which the terminal sends to it as well.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Service", "ServiceName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The program and its arguments.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    /// <summary>
    /// Write what it prints, line by line, instead of giving it the terminal. Goes without saying where a command follows.
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        var isCaptured = PassThru || MyInvocation.PipelinePosition < MyInvocation.PipelineLength;
        var code = 0;
        Run(async call => code = await RunAsync(call, isCaptured));
        SessionState.PSVariable.Set("global:LASTEXITCODE", code);
    }

    private async Task<int> RunAsync(EngineCall call, bool isCaptured)
    {
        var prepared = await call.Client.Commands.PrepareAsync(Name, Command, call.Cancellation);
        prepared.Info.RedirectStandardOutput = isCaptured;
        using var process = prepared.Start();
        try
        {
            while (isCaptured && await process.StandardOutput.ReadLineAsync(call.Cancellation) is { } line)
                await call.WriteObjectAsync(line);
            await process.WaitForExitAsync(call.Cancellation);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAny(process.WaitForExitAsync(CancellationToken.None),
                Task.Delay(isCaptured ? TimeSpan.Zero : Grace, CancellationToken.None));
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }
}
