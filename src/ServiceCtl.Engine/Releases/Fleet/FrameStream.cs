using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Engine.Releases.Fleet.Orders;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>Frames over a connection: a byte for the kind, four for the length, and so many bytes.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "The semaphore's wait handle is never made, so it holds nothing.")]
internal sealed class FrameStream(Stream input, Stream output)
{
    private const int Longest = 32 << 20;
    private const int HeadLength = 5;

    /// <summary>Whoever lives says so in between, so that silence means that nobody is there any more.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(5), Silence = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly byte[] _head = new byte[HeadLength];

    public async Task WriteAsync(FrameKind kind, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var frame = new byte[HeadLength + content.Length];
            frame[0] = (byte)kind;
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), content.Length);
            content.CopyTo(frame.AsMemory(HeadLength));
            await output.WriteAsync(frame, cancellation);
            await output.FlushAsync(cancellation);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <returns>Null at the end of the connection.</returns>
    /// <exception cref="IOException">It ended in the middle, or this is no frame.</exception>
    public async Task<(FrameKind Kind, byte[] Content)?> ReadAsync(CancellationToken cancellation)
    {
        var count = await input.ReadAtLeastAsync(_head, HeadLength, throwOnEndOfStream: false, cancellation);
        if (count == 0)
            return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(1));
        if (count < HeadLength || length is < 0 or > Longest)
            throw new IOException("What came is not what the other side of a deploy says.");
        var content = new byte[length];
        await input.ReadExactlyAsync(content, cancellation);
        return ((FrameKind)_head[0], content);
    }
}
