using System.Management.Automation;
using System.Text;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>
/// Runs a program as a service would. It has the terminal, as any program that is typed has; in a pipeline its lines go on.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "PyServiceCommand")]
[OutputType(typeof(string))]
public sealed class InvokePyServiceCommandCommand : EngineCommand, IDynamicParameters
{
    private readonly HostParameters _hosts = new();

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

    public object GetDynamicParameters() => _hosts;

    protected override void ProcessRecord()
    {
        var isCaptured = PassThru || MyInvocation.PipelinePosition < MyInvocation.PipelineLength;
        var hosts = _hosts.All;
        if (hosts.Count > 1 && !isCaptured)
        {
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidArgument, Name, "One command has the terminal, and several hosts were named. Nothing was done.",
                "Name one host, or take what they print with -PassThru.")));
        }

        int[] codes = [.. hosts.Select(_ => 1)];
        Run(call => Task.WhenAll(hosts.Select((host, at) => call.TryAtAsync(
            host, hosts.Count > 1, async there => codes[at] = await RunAsync(there, isCaptured)))));
        SessionState.PSVariable.Set("global:LASTEXITCODE", codes.Max());
    }

    private async Task<int> RunAsync(EngineCall call, bool isCaptured)
    {
        var prepared = await call.Client.Commands.PrepareAsync(
            Name, Command, hasTerminal: !isCaptured && !Console.IsInputRedirected && !Console.IsOutputRedirected, hasInput: !isCaptured,
            call.Cancellation);
        prepared.Info.RedirectStandardOutput = isCaptured;
        prepared.Info.StandardOutputEncoding = isCaptured ? Encoding.UTF8 : null;
        // Several can't read what is typed here, and one would take what is meant for this session.
        prepared.Info.RedirectStandardInput = isCaptured && call.HostName is not null;
        using var process = prepared.Start();
        if (prepared.Info.RedirectStandardInput)
            process.StandardInput.Close();
        try
        {
            while (isCaptured && await process.StandardOutput.ReadLineAsync(call.Cancellation) is { } line)
                await call.WriteObjectAsync(Marked(line, call.HostName));
            await process.WaitForExitAsync(call.Cancellation);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAny(process.WaitForExitAsync(CancellationToken.None),
                Task.Delay(isCaptured ? TimeSpan.Zero : Grace, CancellationToken.None));
            if (!process.HasExited)
                ServiceCommand.End(process);
            throw;
        }

        return process.ExitCode;
    }

    /// <summary>Text has no property of its own for its host.</summary>
    private static object Marked(string line, string? host)
    {
        if (host is null)
            return line;
        var marked = new PSObject(line);
        marked.Properties.Add(new PSNoteProperty("HostName", host));
        return marked;
    }
}
