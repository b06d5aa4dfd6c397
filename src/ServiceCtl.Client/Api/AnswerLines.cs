namespace ServiceCtl.Client.Api;

/// <summary>The lines of an answer as they come, none of them longer than an agent's can be.</summary>
internal sealed class AnswerLines(Stream stream)
{
    private const int Longest = 32 << 20;

    private byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;
    private int _searched;

    /// <returns>Null at the end. What it holds is gone with the next call.</returns>
    /// <exception cref="InvalidDataException">The line has no end.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var at = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, _searched + at - _start);
                _start = _searched = _searched + at + 1;
                return line;
            }

            _searched = _end;
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read > 0)
            {
                _end += read;
                continue;
            }

            ReadOnlyMemory<byte> rest = _buffer.AsMemory(_start, _end - _start);
            _start = _searched = _end;
            // Not '?:', by which null would become an empty line.
            if (rest.Length > 0)
                return rest;
            return null;
        }
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
            return;
        var length = _end - _start;
        if (length >= Longest)
            throw new InvalidDataException("a line of the answer has no end");
        // What is handed out is gone with this call.
        var next = length > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        Buffer.BlockCopy(_buffer, _start, next, 0, length);
        (_buffer, _start, _end, _searched) = (next, 0, length, length);
    }
}
