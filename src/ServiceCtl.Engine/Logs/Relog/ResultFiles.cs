using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>The results of relog on disk: <c>exceptions.log</c> and <c>internal_errors.log</c>.</summary>
internal sealed class ResultFiles : IDisposable
{
    internal const string ExceptionsName = "exceptions.log";
    internal const string InternalErrorsName = "internal_errors.log";

    private const int Buffer = 256 * 1024;

    private ResultFiles(Stream exceptions, Stream internalErrors)
    {
        Exceptions = exceptions;
        InternalErrors = internalErrors;
    }

    internal Stream Exceptions { get; }

    internal Stream InternalErrors { get; }

    /// <summary>Nobody wants them.</summary>
    internal static ResultFiles None() => new(Stream.Null, Stream.Null);

    internal static ResultFiles Open(string folder, long? longest)
    {
        Directory.CreateDirectory(folder);
        Stream exceptions = OpenResult(Path.Combine(folder, ExceptionsName), longest);
        try
        {
            return new ResultFiles(exceptions, OpenResult(Path.Combine(folder, InternalErrorsName), longest));
        }
        catch
        {
            exceptions.Dispose();
            throw;
        }
    }

    /// <summary>What was written after the last commit belongs to a run that did not come to its end, and comes again.</summary>
    internal void TakeBack(long exceptions, long internalErrors)
    {
        Exceptions.SetLength(Math.Min(Exceptions.Length, exceptions));
        InternalErrors.SetLength(Math.Min(InternalErrors.Length, internalErrors));
    }

    internal void SeekEnd()
    {
        Exceptions.Seek(0, SeekOrigin.End);
        InternalErrors.Seek(0, SeekOrigin.End);
    }

    internal void Empty()
    {
        Exceptions.SetLength(0);
        InternalErrors.SetLength(0);
    }

    internal void Flush(bool toDisk)
    {
        foreach (Stream stream in new[] { Exceptions, InternalErrors })
        {
            if (stream is FileStream file)
                file.Flush(toDisk);
        }
    }

    public void Dispose()
    {
        Exceptions.Dispose();
        InternalErrors.Dispose();
    }

    private static FileStream OpenResult(string path, long? longest)
    {
        if (longest is { } limit && new FileInfo(path) is { Exists: true } file && file.Length > limit)
            file.MoveTo(path + ".1", overwrite: true);
        return new FileStream(FileCalls.OpenOrMake(path), FileAccess.ReadWrite, Buffer);
    }
}
