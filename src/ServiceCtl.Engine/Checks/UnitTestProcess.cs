using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Checks;

/// <summary>
/// A Python process that runs unit tests, one at a time. It ends when nobody is left to give orders; whatever it has started ends with
/// <see cref="EndAsync"/>, wherever it went.
/// </summary>
internal sealed class UnitTestProcess : IDisposable
{
    private const int OutputLimit = 64 * 1024;
    private const int AnswerLimit = 16 * 1024 * 1024;

    /// <summary>How long a killed process may take to be gone.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    private readonly ProcessScope _scope;
    private readonly ChildProcess _process;
    private readonly string _outputFile;
    private readonly AnonymousPipeServerStream _orders;
    private readonly AnonymousPipeServerStream _answers;
    private long _read;

    private UnitTestProcess(
        ProcessScope scope, ChildProcess process, string outputFile, AnonymousPipeServerStream orders, AnonymousPipeServerStream answers)
    {
        _scope = scope;
        _process = process;
        _outputFile = outputFile;
        _orders = orders;
        _answers = answers;
    }

    /// <summary>Completes when the process has ended.</summary>
    public Task<ProcessExit> Exited => _process.Exited;

    /// <param name="scope">Everything it starts belongs to it.</param>
    /// <param name="spec">The interpreter with the program that takes the orders; output and pipes are added here.</param>
    /// <param name="watcher">Notices its end.</param>
    public static UnitTestProcess Start(ProcessScope scope, ProcessSpec spec, ExitWatcher watcher)
    {
        var outputFile = Path.GetTempFileName();
        var orders = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        var answers = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        try
        {
            using var output = File.OpenHandle(outputFile, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            var process = Spawner.Spawn(
                scope.Wrap(spec with
                {
                    StandardOutput = output,
                    StandardError = output,
                    PassedDescriptors = [answers.ClientSafePipeHandle, orders.ClientSafePipeHandle],
                }),
                watcher);
            scope.Enter(process);
            orders.DisposeLocalCopyOfClientHandle();
            answers.DisposeLocalCopyOfClientHandle();
            return new UnitTestProcess(scope, process, outputFile, orders, answers);
        }
        catch
        {
            orders.Dispose();
            answers.Dispose();
            File.Delete(outputFile);
            throw;
        }
    }

    /// <returns>What the process says came of it; null when it ended without saying.</returns>
    /// <exception cref="OperationCanceledException">The time is over; the process is still at it.</exception>
    public async Task<JsonObject?> RunAsync(UnitTest test, CancellationToken cancellation)
    {
        var order = new JsonObject
        {
            ["name"] = test.Name,
            ["from"] = test.From,
            ["import"] = test.Import,
            ["expected"] = test.Expected?.DeepClone(),
        };
        try
        {
            await _orders.WriteAsync(Encoding.UTF8.GetBytes(JsonValues.Text(order) + "\n"), cancellation);
        }
        catch (IOException)
        {
            return null;
        }

        // Not the pipe's end but the process's tells that no answer comes: a child of it may hold the pipe open.
        var answer = ReadAnswerAsync();
        await Task.WhenAny(answer, Exited).WaitAsync(cancellation);
        if (!answer.IsCompleted)
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None));
        return answer.IsCompletedSuccessfully && await answer is { } line ? Parse(line) : null;
    }

    /// <summary>What was printed since the last call, at most its last 64 KB; null for nothing.</summary>
    public string? ReadOutput()
    {
        using var file = new FileStream(_outputFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var end = file.Length;
        var begin = Math.Max(_read, end - OutputLimit);
        var isCut = begin > _read;
        _read = end;
        if (begin == end)
            return null;

        file.Position = begin;
        var bytes = new byte[end - begin];
        file.ReadExactly(bytes);
        return (isCut ? "[…]\n" : "") + Encoding.UTF8.GetString(bytes).TrimEnd('\n');
    }

    /// <summary>Lets it end by itself when it is idle; then ends it and everything it has started.</summary>
    public async Task EndAsync(bool isIdle)
    {
        await _orders.DisposeAsync();
        if (isIdle)
            await Task.WhenAny(Exited, Task.Delay(Aftermath));
        await _scope.EndAsync(Aftermath, CancellationToken.None);
    }

    public void Dispose()
    {
        _orders.Dispose();
        _answers.Dispose();
        _process.Dispose();
        _scope.Dispose();
        File.Delete(_outputFile);
    }

    /// <summary>
    /// One line, as far as it is no longer than an answer may be: the tests are the service's code, and may write here, too.
    /// </summary>
    private async Task<string?> ReadAnswerAsync()
    {
        using var line = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (line.Length <= AnswerLimit && await _answers.ReadAsync(piece, CancellationToken.None) is var count and > 0)
        {
            line.Write(piece, 0, count);
            // It answers once for each order, so nothing of the next answer is here.
            if (piece[count - 1] == '\n')
                return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
        }

        return null;
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonValues.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
