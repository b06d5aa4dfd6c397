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

    private readonly Lazy<Task<byte[]>> _packed;

    private HostPayload(IReadOnlyList<string> files, string hash, string machine)
    {
        _packed = new Lazy<Task<byte[]>>(() => Task.Run(() => PackAsync(files)));
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

            return new HostPayload(files, Convert.ToHexStringLower(hash.GetHashAndReset())[..16], MachineIn(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(executable, error);
        }
    }

    /// <summary>The files as a compressed archive; packed once, however many hosts get it.</summary>
    public Task<byte[]> PackAsync() => _packed.Value;

    /// <summary>For which machine a program is made, in the words of <c>uname -m</c>.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: it is no program for Linux.</exception>
    public static string MachineOf(string program)
    {
        try
        {
            return MachineIn(program);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(program, error);
        }
    }

    private static async Task<byte[]> PackAsync(IReadOnlyList<string> files)
    {
        using var output = new MemoryStream();
        await using (var packed = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        await using (var archive = new TarWriter(packed, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var file in files)
            {
                await using var content = File.OpenRead(file);
                var isProgram = file == files[0];
                await archive.WriteEntryAsync(
                    new UstarTarEntry(TarEntryType.RegularFile, Path.GetFileName(file))
                    {
                        DataStream = content,
                        Mode = isProgram ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100,
                    });
            }
        }

        return output.ToArray();
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

    private static string MachineIn(string program)
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

    private static ServiceCtlException Unreadable(string executable, Exception error) => new(
        ErrorCode.System, executable, $"The command {executable} can't be read: {error.Message}",
        "Give the servicectl of an installation for Linux.", error);
}
