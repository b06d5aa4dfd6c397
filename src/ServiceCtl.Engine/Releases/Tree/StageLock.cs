using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Releases.Tree;

/// <summary>
/// One deploy at a time in a stage. The lock is a file that is there or not; it says who holds it, since when and why. One whose process is
/// gone is reported and stays: what it has left may have to be looked at first.
/// </summary>
internal sealed class StageLock : IDisposable
{
    /// <summary>Tells what a deploy runs that it works under that deploy's lock.</summary>
    public const string Variable = "SERVICECTL_DEPLOY_LOCK";

    private const int Longest = 64 * 1024;

    /// <summary>On another host nobody can see whether the process lives; its sign of life is the time of the file.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10), Silence = TimeSpan.FromMinutes(2);

    private readonly ReleaseTree _tree;
    private readonly string _token;
    private readonly Timer? _beat;
    private readonly bool _isOurs;

    private StageLock(ReleaseTree tree, string token, bool isOurs)
    {
        _tree = tree;
        _token = token;
        _isOurs = isOurs;
        _beat = isOurs ? new Timer(_ => Touch(), null, Beat, Beat) : null;
    }

    /// <summary>Takes the lock for this process; within a deploy, what its hooks call works under the deploy's.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StageLocked"/>.</exception>
    public static StageLock Take(ReleaseTree tree, string stage, string by, string reason, string? from = null)
    {
        // One that can't be understood has no token, and is nobody's.
        if (Read(tree) is { Token.Length: > 0 } held && held.Token == Environment.GetEnvironmentVariable(Variable))
            return new StageLock(tree, held.Token, isOurs: false);
        var self = ProcessIdentity.Of(Environment.ProcessId) ?? default;
        var record = New(by, reason, from) with { Pid = Environment.ProcessId, StartTicks = self.StartTicks, Boot = ProcFs.BootId };
        Put(tree, stage, record);
        return new StageLock(tree, record.Token, isOurs: true);
    }

    /// <summary>Locks the stage until somebody unlocks it.</summary>
    /// <inheritdoc cref="Take"/>
    public static PyServiceStageLock TakeOnPurpose(ReleaseTree tree, string stage, string by, string message, string? from = null)
    {
        Put(tree, stage, New(by, message, from));
        return Find(tree)!;
    }

    /// <summary>Who holds it; null when nobody does.</summary>
    public static PyServiceStageLock? Find(ReleaseTree tree) => Read(tree) is { } held ? Describe(tree, held) : null;

    /// <summary>For what works under the lock.</summary>
    public static string? TokenOf(ReleaseTree tree) => Read(tree) is { Token: { Length: > 0 } token } ? token : null;

    /// <summary>Takes away a lock that was put on purpose, or that a process has left behind.</summary>
    /// <param name="tree">The stage's.</param>
    /// <param name="stage">Its name.</param>
    /// <param name="force">Take it from a process that lives, too.</param>
    /// <returns>What was taken away; null when there was none.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StageLocked"/>: its process lives.</exception>
    public static PyServiceStageLock? Remove(ReleaseTree tree, string stage, bool force)
    {
        if (Read(tree) is not { } held)
            return null;
        var described = Describe(tree, held);
        if (held.Pid is not null && !described.IsStale && !force)
            throw Refusal(stage, described);
        Remove(tree, held.Token);
        return described;
    }

    public void Dispose()
    {
        _beat?.Dispose();
        if (_isOurs)
            Remove(_tree, _token);
    }

    private static LockRecord New(string by, string reason, string? from) => new()
    {
        Token = Guid.NewGuid().ToString("N"),
        By = by,
        Host = Environment.MachineName,
        From = from,
        Since = DateTimeOffset.Now,
        Reason = reason,
    };

    private static void Put(ReleaseTree tree, string stage, LockRecord record)
    {
        var isMine = tree.Use(() =>
        {
            // Written beside it and linked to its name, so that whoever finds it finds it whole.
            var mine = $"{tree.LockFile}.{record.Token}";
            try
            {
                AtomicFile.Write(mine, JsonSerializer.SerializeToUtf8Bytes(record, ReleaseJson.Default.LockRecord), isDurable: false,
                    FileModes.Readable);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                File.Delete(mine);
                throw new ServiceCtlException(ErrorCode.System, tree.Root,
                    $"The lock of {stage} can't be written to {tree.Root}, so nothing was begun: {error.Message}",
                    DiskFault.Advice, error);
            }

            try
            {
                File.Move(mine, tree.LockFile, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(tree.LockFile))
            {
                File.Delete(mine);
                return false;
            }
        });
        if (!isMine)
            throw Find(tree) is { } held ? Refusal(stage, held)
                : new ServiceCtlException(ErrorCode.StageLocked, stage, $"Somebody has just given back the lock of {stage}.", "Try again.");
    }

    private static ServiceCtlException Refusal(string stage, PyServiceStageLock held) => new(
        ErrorCode.StageLocked, stage, held.IsStale
            ? $"{stage} is locked by {held.By} since {held.Since:yyyy-MM-dd HH:mm:ss zzz} ({held.Reason}), and that process "
                + $"({held.ProcessId}) is gone."
            : $"{stage} is locked by {held.By} since {held.Since:yyyy-MM-dd HH:mm:ss zzz}: {held.Reason}",
        held.IsStale ? $"See what it has left ('servicectl releases {stage}'), then 'servicectl deploy unlock {stage}'."
            : held.ProcessId is null ? $"'servicectl deploy unlock {stage}' unlocks it." : "Wait until it has ended.");

    private static PyServiceStageLock Describe(ReleaseTree tree, LockRecord held) => new()
    {
        By = $"{held.By}@{held.From ?? held.Host}",
        Since = held.Since,
        Reason = held.Reason,
        ProcessId = held.Pid,
        IsStale = held.Pid is { } pid && (held.Host == Environment.MachineName
            ? held.Boot != ProcFs.BootId || !new ProcessIdentity(pid, held.StartTicks).IsAlive()
            : DateTime.UtcNow - tree.Use(() => File.GetLastWriteTimeUtc(tree.LockFile)) > Silence),
    };

    private static LockRecord? Read(ReleaseTree tree)
    {
        try
        {
            return JsonSerializer.Deserialize(UserFiles.ReadAll(tree.Actor, tree.LockFile, Longest), ReleaseJson.Default.LockRecord)
                ?? throw new JsonException();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            // Not ours, but somebody means to keep others away.
            return new LockRecord
            {
                Token = "",
                By = "somebody",
                Host = "?",
                Since = DateTimeOffset.UnixEpoch,
                Reason = $"{tree.LockFile} can't be understood",
            };
        }
    }

    /// <summary>Takes the file away only if it is still this one: somebody may have unlocked the stage, and another deploy begun.</summary>
    private static void Remove(ReleaseTree tree, string token)
    {
        var aside = tree with { LockFile = $"{tree.LockFile}.{Guid.NewGuid():N}" };
        var isThere = tree.Use(() =>
        {
            if (File.Exists(tree.LockFile))
                File.Move(tree.LockFile, aside.LockFile);
            return File.Exists(aside.LockFile);
        });
        if (!isThere)
            return;
        var isIt = Read(aside)?.Token == token;
        tree.Use(() =>
        {
            if (isIt)
                File.Delete(aside.LockFile);
            else
                File.Move(aside.LockFile, tree.LockFile);
        });
    }

    private void Touch()
    {
        try
        {
            _tree.Use(() => File.SetLastWriteTimeUtc(_tree.LockFile, DateTime.UtcNow));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It was taken away by force: the lock said that this process lives.
        }
    }
}
