using System.Collections.Concurrent;
using LibGit2Sharp;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Git;

/// <summary>
/// Tells which commit is checked out in a folder: in process through libgit2, so that a thousand services take milliseconds each,
/// and through the <c>git</c> command where libgit2 can't be loaded or can't read the repository (a newer format, say).
/// It changes nothing in the repository, not even the index.
/// </summary>
public sealed class GitReader
{
    /// <summary>Generous: a checkout of 5,000 files takes some 20 ms, and only a file system that hangs takes seconds.</summary>
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly Func<string, GitReading> _inProcess;
    private readonly GitCommand _command;

    /// <summary>Folders with a read that was left behind and has not ended.</summary>
    private readonly ConcurrentDictionary<string, Task> _hanging = new();

    public GitReader(TimeProvider time)
        : this(time, DefaultLimit, LibGit.Read, new GitCommand("git"))
    {
    }

    internal GitReader(TimeProvider time, TimeSpan limit, Func<string, GitReading> inProcess, GitCommand command)
    {
        _time = time;
        _limit = limit;
        _inProcess = inProcess;
        _command = command;
    }

    /// <summary>
    /// Reads the checkout that <paramref name="folder"/> is in. Dirtiness is that of the whole checkout, since code may be imported from
    /// anywhere in it; untracked files don't count.
    /// </summary>
    /// <param name="folder">Where.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="roots">Where checkouts were found a moment ago, for whoever asks about many folders.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellation"/> is cancelled.</exception>
    public async Task<GitReading> ReadAsync(
        string folder, CancellationToken cancellation, ConcurrentDictionary<string, string?>? roots = null)
    {
        if (_hanging.ContainsKey(folder))
            return GitReading.Failed($"the git checkout of {folder} is still being read for somebody who has given up waiting");

        using var limit = new CancellationTokenSource(_limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var reading = ReadWithFallbackAsync(folder, roots, either.Token);
        try
        {
            return await reading.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            Abandon(folder, reading);
            cancellation.ThrowIfCancellationRequested();
            return GitReading.Failed($"reading the git checkout of {folder} took longer than {_limit.TotalSeconds:0.#} s");
        }
    }

    /// <summary>
    /// A read that hangs in the kernel can't be ended. No other is begun beside it, or each look at the folder would cost a thread.
    /// </summary>
    private void Abandon(string folder, Task reading)
    {
        if (_hanging.TryAdd(folder, reading))
            reading.ContinueWith(_ => _hanging.TryRemove(folder, out var _), CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task<GitReading> ReadWithFallbackAsync(
        string folder, ConcurrentDictionary<string, string?>? roots, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(
                () => ReleaseMark.TryRead(folder) is { } release ? GitReading.Of(release)
                    : roots is not null && Checkout.FindRoot(folder, roots) is null ? GitReading.NoCheckout : _inProcess(folder),
                cancellation);
        }
        catch (ForeignCheckoutException foreign)
        {
            return FileOwner.Find(foreign.Root) is { } owner
                ? await _command.ReadAsync(folder, "Root does not read it.", cancellation, owner)
                : GitReading.Failed(
                    $"{foreign.Root} belongs to root or to a user that this host does not know, but others can change the git repository "
                        + "in it, so it is not read");
        }
        catch (Exception e) when (e is LibGit2SharpException or TypeInitializationException or DllNotFoundException
                                      or BadImageFormatException or EntryPointNotFoundException)
        {
            return await _command.ReadAsync(folder, (e.InnerException ?? e).Message, cancellation);
        }
    }
}
