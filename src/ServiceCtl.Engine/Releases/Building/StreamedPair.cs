using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>Two programs, the one's output the other's input. Both may fail, and each is asked how it went.</summary>
internal static class StreamedPair
{
    private const int MostWords = 64 * 1024;

    /// <param name="from">Writes.</param>
    /// <param name="to">Reads. The streams of both are redirected.</param>
    /// <param name="what">What they do, for the message.</param>
    /// <param name="cancellation">Ends both.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>, with what they said.</exception>
    public static async Task RunAsync(ProcessStartInfo from, ProcessStartInfo to, string what, CancellationToken cancellation)
    {
        using Process writer = Start(from, what), reader = Start(to, what);
        writer.StandardInput.Close();
        await PourAsync(writer.StandardOutput.BaseStream, reader, [writer, reader], what, cancellation);
    }

    /// <summary>The same with a stream in place of the first program.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public static async Task FeedAsync(Stream from, ProcessStartInfo to, string what, CancellationToken cancellation)
    {
        using var reader = Start(to, what);
        await PourAsync(from, reader, [reader], what, cancellation);
    }

    /// <summary>The same with a stream in place of the second program.</summary>
    /// <param name="from">Writes.</param>
    /// <param name="input">What its standard input gets.</param>
    /// <param name="to">Takes what it writes.</param>
    /// <param name="what">What it does, for the message.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <inheritdoc cref="RunAsync"/>
    public static async Task DrainAsync(ProcessStartInfo from, string input, Stream to, string what, CancellationToken cancellation)
    {
        using var writer = Start(from, what);
        try
        {
            var words = ReadAsync(writer.StandardError, cancellation);
            try
            {
                await writer.StandardInput.WriteAsync(input.AsMemory(), cancellation);
                writer.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has gone; it says why.
            }

            await writer.StandardOutput.BaseStream.CopyToAsync(to, cancellation);
            var said = await words;
            await writer.WaitForExitAsync(cancellation);
            if (writer.ExitCode != 0)
                throw Failure(what, said);
        }
        catch (OperationCanceledException)
        {
            ProcessTree.Kill(writer);
            throw;
        }
    }

    private static async Task PourAsync(
        Stream from, Process reader, Process[] all, string what, CancellationToken cancellation)
    {
        try
        {
            var words = Task.WhenAll(all.Select(process => ReadAsync(process.StandardError, cancellation)));
            Task rest = ReadAsync(reader.StandardOutput, cancellation);
            try
            {
                await from.CopyToAsync(reader.StandardInput.BaseStream, cancellation);
                reader.StandardInput.Close();
            }
            catch (IOException)
            {
                // The reader has gone; it says why.
            }

            await Task.WhenAll(words, rest);
            await Task.WhenAll(all.Select(process => process.WaitForExitAsync(cancellation)));
            if (Array.Exists(all, process => process.ExitCode != 0))
                throw Failure(what, string.Join('\n', await words));
        }
        catch (OperationCanceledException)
        {
            foreach (var process in all)
                ProcessTree.Kill(process);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start, string what)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new ServiceCtlException(ErrorCode.RunnerMissing, start.FileName, $"{what} failed: {start.FileName}: {error.Message}",
                "Install it.", error);
        }
    }

    private static async Task<string> ReadAsync(StreamReader stream, CancellationToken cancellation)
    {
        // All of it, or its writer would wait; and no more kept than anybody reads.
        var buffer = new char[4096];
        var text = new System.Text.StringBuilder();
        for (int count; (count = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (text.Length < MostWords)
                text.Append(buffer, 0, count);
        }

        return text.ToString();
    }

    private static ServiceCtlException Failure(string what, string words) => new(new ErrorReport
    {
        Code = ErrorCode.System,
        Message = $"{what} failed.",
        Advice = "Their own lines say why.",
        LogLines = [.. words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(50)],
    });
}
