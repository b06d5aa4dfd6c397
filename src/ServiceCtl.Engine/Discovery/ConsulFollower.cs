using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Discovery;

/// <summary>
/// Follows something in Consul by blocking queries, until it is disposed. A Consul that is away is reported once, and asked again with
/// growing waits.
/// </summary>
internal sealed class ConsulFollower : IAsyncDisposable
{
    /// <summary>How long one question waits for a change.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Between two answers. A change meanwhile is in the next one.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ConsulRule _rule;
    private readonly string _what;
    private readonly Func<ConsulClient, ulong, CancellationToken, Task<ulong>> _ask;
    private readonly TimeProvider _time;
    private readonly Action<string> _warn;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;

    /// <param name="rule">Where Consul is.</param>
    /// <param name="what">What is followed, for what is reported.</param>
    /// <param name="ask">Asks from an index on, takes the answer, and returns its index.</param>
    /// <param name="time">Measures the waits.</param>
    /// <param name="warn">Hears that it can't be followed.</param>
    public ConsulFollower(
        ConsulRule rule, string what, Func<ConsulClient, ulong, CancellationToken, Task<ulong>> ask, TimeProvider time, Action<string> warn)
    {
        _rule = rule;
        _what = what;
        _ask = ask;
        _time = time;
        _warn = warn;
        _loop = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        var wait = FirstWait;
        var index = 0ul;
        try
        {
            while (true)
            {
                try
                {
                    using var consul = ConsulClient.Open(_rule);
                    while (true)
                    {
                        index = await _ask(consul, index, _end.Token);
                        wait = FirstWait;
                        // Without an index Consul answers at once; and what is not Consul might, with one.
                        await Task.Delay(index == 0 ? FirstWait : ShortestWait, _time, _end.Token);
                    }
                }
                catch (Exception error) when (error is ConsulException or IOException or UnauthorizedAccessException)
                {
                    if (wait == FirstWait)
                        _warn(
                            $"{_what} can't be followed in Consul for the moment: {error.Message.TrimEnd('.')}. What is known counts on.");
                    index = 0;
                }

                await Task.Delay(wait, _time, _end.Token);
                wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
            }
        }
        catch (OperationCanceledException)
        {
            // It is not followed any more.
        }
    }
}
