using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace ServiceCtl.Engine.Containers.Keeping;

/// <summary>
/// What a container prints, where its program does not have the agent's pipe itself: read from the engine's log, on and on, also when the
/// engine was restarted in between. Nothing is printed twice: each line of that log has its time.
/// </summary>
internal sealed class ContainerOutput(ContainerEngine engine, string id, Stream output, Stream errors)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<MultiplexedStream.TargetStream, string> _last = [];

    /// <summary>Prints everything until the container has ended.</summary>
    /// <param name="ended">Completes then. A stream that ends before has only lost its engine.</param>
    public async Task FollowAsync(Task ended)
    {
        while (!ended.IsCompleted)
        {
            await TryReadAsync(follows: true);
            await Task.WhenAny(ended, Task.Delay(Again));
        }

        await WriteAllAsync();
    }

    /// <summary>Prints what there is.</summary>
    public Task WriteAllAsync() => TryReadAsync(follows: false);

    private async Task TryReadAsync(bool follows)
    {
        // Lines of one stream are in order, those of two need not be.
        Dictionary<MultiplexedStream.TargetStream, string> printed = new(_last);
        try
        {
            using var stream = await engine.Client.Containers.GetContainerLogsAsync(
                id,
                new ContainerLogsParameters
                {
                    ShowStdout = true,
                    ShowStderr = true,
                    Timestamps = true,
                    Follow = follows,
                    Since = SinceOf(printed.Values.Min()),
                },
                CancellationToken.None);
            var partial = new Dictionary<MultiplexedStream.TargetStream, List<byte>>();
            var buffer = new byte[64 * 1024];
            while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, CancellationToken.None) is { EOF: false } read)
            {
                if (!partial.TryGetValue(read.Target, out var line))
                    partial[read.Target] = line = [];
                Take(buffer.AsSpan(0, read.Count), line, read.Target, printed.GetValueOrDefault(read.Target, ""));
            }

            // What a program prints last need not end its line.
            foreach (var (target, rest) in partial)
                Print(CollectionsMarshal.AsSpan(rest), target, printed.GetValueOrDefault(target, ""));
        }
        catch (Exception error) when (ContainerEngine.IsTrouble(error))
        {
            // The engine is down, or the container is gone, and its log with it.
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, List<byte> line, MultiplexedStream.TargetStream target, string printed)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            line.AddRange(bytes[..(end + 1)]);
            Print(CollectionsMarshal.AsSpan(line), target, printed);
            line.Clear();
            bytes = bytes[(end + 1)..];
        }

        line.AddRange(bytes);
    }

    private void Print(ReadOnlySpan<byte> line, MultiplexedStream.TargetStream target, string printed)
    {
        var space = line.IndexOf((byte)' ');
        if (space < 0)
            return;
        var time = Encoding.ASCII.GetString(line[..space]);
        if (string.CompareOrdinal(time, printed) <= 0)
            return;
        _last[target] = time;
        var stream = target == MultiplexedStream.TargetStream.StandardError ? errors : output;
        stream.Write(line[(space + 1)..]);
        stream.Flush();
    }

    /// <summary>The API takes seconds; lines of the same second come again, and are known by their time.</summary>
    private static string? SinceOf(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) : null;
}
