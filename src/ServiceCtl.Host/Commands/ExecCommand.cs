using System.CommandLine;
using System.Runtime.InteropServices;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>exec: a command as a service would run it. Its terminal is ours, and so is its exit code.</summary>
internal static class ExecCommand
{
    public const string Name = "exec";

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The service." };
        name.Validators.Add(SharedOptions.RefuseEmpty);
        name.CompletionSources.Add(_ => Services.NamesForCompletion());
        var words = new Argument<string[]>("command")
        {
            Arity = ArgumentArity.OneOrMore,
            Description =
                "The program and its arguments, after '--'. A path is relative to the service's folder; a name is looked for in its "
                    + "virtualenv first.",
        };
        words.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }, ..])
                result.AddError("<command> can't be empty.");
        });
        var command = new Verb(Name, "Run a command in a service's environment, folder and virtualenv, as its user.",
            [
                ("servicectl exec web -- python manage.py migrate", "Run a program of the service's virtualenv, in its folder."),
                ("servicectl exec web -- bash", "Get a shell with the service's variables."),
            ],
            "The terminal stays attached, Ctrl+C reaches the command, and its exit code is passed on. No agent is needed.") { name, words };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(name)!, parsed.GetValue(words)!, cancellation));
        return HostRelay.AddTo(command, RelayKind.Program);
    }

    private static async Task<int> RunAsync(string name, string[] words, CancellationToken cancellation)
    {
        using var client = Services.Open();
        var prepared = await client.Commands.PrepareAsync(name, words, Terminal.IsPresent, hasInput: true, cancellation);
        // The terminal sends Ctrl+C to the command as well: whether it ends by that is its own affair.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => signal.Cancel = true);
        using var process = prepared.Start();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            process.Kill();
        });
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
