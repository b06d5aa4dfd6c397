using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>A command on another host, run to its end by an <c>ssh</c> of its own.</summary>
internal static class HostShell
{
    /// <summary>What another host prints fills no memory.</summary>
    private const int MostOutput = 64 << 20;

    private const int MostWords = 64 << 10;

    /// <summary>Who has said its last word and lives on is not waited for.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>What a command over there answered.</summary>
    /// <param name="Code">Its exit code; 255 is ssh's own.</param>
    /// <param name="Output">Its standard output.</param>
    /// <param name="Errors">The end of its standard error.</param>
    public sealed record Answer(int Code, string Output, string Errors);

    /// <param name="host">Where.</param>
    /// <param name="remote">What the login shell there is given: <see cref="SshCommand.InShell"/>,
    /// <see cref="SshCommand.ServiceCtl"/>.</param>
    /// <param name="input">Writes what the command reads; null for nothing.</param>
    /// <param name="limit">How long it may take; null: as long as the host gives signs of life.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="heard">Hears each line of its standard error as it comes.</param>
    /// <exception cref="ServiceCtlException">There is no ssh; the host can't be reached; the limit has passed.</exception>
    public static async Task<Answer> RunAsync(
        PyServiceHost host, string remote, Func<Stream, Task>? input, TimeSpan? limit, CancellationToken cancellation,
        Action<string>? heard = null)
    {
        using var process = Start(host, remote);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit is { } longest)
            patience.CancelAfter(longest);
        try
        {
            var output = ReadAsync(host, process.StandardOutput.BaseStream, patience.Token);
            var errors = ListenAsync(process.StandardError, heard, patience.Token);
            await WriteAsync(process.StandardInput.BaseStream, input);
            // Reading a pipe of Windows can't be cancelled.
            var text = await output.WaitAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            var words = await Task.WhenAny(errors, Task.Delay(LastWords, patience.Token)) == errors ? await errors : "";
            return process.ExitCode == SshFailure.OfSsh
                ? throw SshFailure.Of(host, process.ExitCode, words, version: null) : new Answer(process.ExitCode, text, words);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw SshFailure.Silent(host, "has not done what it was asked", limit!.Value, error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static Process Start(PyServiceHost host, string remote)
    {
        try
        {
            return Process.Start(SshCommand.ToRun(host, remote))!;
        }
        catch (Win32Exception error)
        {
            throw SshFailure.NoSsh(host, error);
        }
    }

    private static async Task WriteAsync(Stream pipe, Func<Stream, Task>? input)
    {
        try
        {
            if (input is not null)
                await input(pipe);
            await pipe.DisposeAsync();
        }
        catch (IOException)
        {
            // It has ended before: its exit code says why.
        }
    }

    private static async Task<string> ReadAsync(PyServiceHost host, Stream pipe, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        var buffer = new byte[32 << 10];
        while (await pipe.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            all.Write(buffer, 0, read);
            if (all.Length > MostOutput)
                throw SshFailure.Noise(host);
        }

        return Encoding.UTF8.GetString(all.GetBuffer(), 0, (int)all.Length);
    }

    private static async Task<string> ListenAsync(StreamReader pipe, Action<string>? heard, CancellationToken cancellation)
    {
        var (words, line, buffer) = (new StringBuilder(), new StringBuilder(), new char[1024]);
        while (await pipe.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            words.Append(buffer, 0, read);
            if (words.Length > MostWords)
                words.Remove(0, words.Length - MostWords);
            foreach (var letter in heard is null ? [] : buffer[..read])
            {
                if (letter != '\n' && line.Append(letter).Length < MostWords)
                    continue;
                heard!(line.ToString().TrimEnd('\r'));
                line.Clear();
            }
        }

        if (line.Length > 0)
            heard?.Invoke(line.ToString());
        return words.ToString().Trim();
    }
}
