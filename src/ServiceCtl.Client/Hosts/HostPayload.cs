using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>The command as it is sent to other hosts: its files, named by what is in them.</summary>
internal sealed class HostPayload
{
    private const int ElfMachine = 18;

    private readonly IReadOnlyList<string> _files;

    private HostPayload(IReadOnlyList<string> files, string hash, string machine)
    {
        _files = files;
        Hash = hash;
        Machine = machine;
    }

    public string Hash { get; }

    /// <summary>In the words of <c>uname -m</c>.</summary>
    public string Machine { get; }

    /// <param name="executable">The command; a link to it will do.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: it is no program for Linux.</exception>
    public static async Task<HostPayload> OfAsync(string executable, CancellationToken cancellation)
    {
        try
        {
            var file = new FileInfo(executable).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? executable;
            var files = FilesOf(file);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var each in files)
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(each) + "\0"));
                await using var content = File.OpenRead(each);
                hash.AppendData(await SHA256.HashDataAsync(content, cancellation));
            }

            return new HostPayload(files, Convert.ToHexStringLower(hash.GetHashAndReset())[..16], MachineOf(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(
                ErrorCode.System, executable, $"The command {executable} can't be read: {error.Message}",
                "Give the servicectl of an installation for Linux.", error);
        }
    }

    /// <summary>Writes it as a compressed archive.</summary>
    /// <returns>How many bytes that were.</returns>
    public async Task<long> WriteAsync(Stream output, CancellationToken cancellation)
    {
        var counted = new CountingStream(output);
        await using (var packed = new GZipStream(counted, CompressionLevel.Fastest, leaveOpen: true))
        await using (var archive = new TarWriter(packed, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var file in _files)
            {
                await using var content = File.OpenRead(file);
                var isProgram = file == _files[0];
                await archive.WriteEntryAsync(
                    new UstarTarEntry(TarEntryType.RegularFile, Path.GetFileName(file))
                    {
                        DataStream = content,
                        Mode = isProgram ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100,
                    }, cancellation);
            }
        }

        return counted.Written;
    }

    /// <summary>The program first. One that runs on .NET is its whole folder; a native one has the library of git beside it.</summary>
    private static IReadOnlyList<string> FilesOf(string program)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(program))!;
        var isManaged = File.Exists(Path.Combine(folder, "servicectl.dll"));
        return
        [
            program,
            .. Directory.EnumerateFiles(folder).Where(file => file != program && (isManaged
                    ? Path.GetExtension(file) is ".dll" or ".json" or ".so"
                    : Path.GetFileName(file).StartsWith("libgit2", StringComparison.Ordinal))).Order(StringComparer.Ordinal),
        ];
    }

    private static string MachineOf(string program)
    {
        Span<byte> head = stackalloc byte[20];
        using var file = File.OpenRead(program);
        var machine = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.StartsWith("\u007fELF"u8)
            ? BinaryPrimitives.ReadUInt16LittleEndian(head[ElfMachine..]) : 0;
        return machine switch
        {
            62 => "x86_64",
            183 => "aarch64",
            _ => throw new ServiceCtlException(
                ErrorCode.InvalidArgument, program, $"{program} is no program for Linux on x86_64 or aarch64.",
                "Give the servicectl of an installation for Linux."),
        };
    }

    private sealed class CountingStream(Stream inner) : Stream
    {
        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            inner.Write(buffer, offset, count);
            Written += count;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            Written += buffer.Length;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
