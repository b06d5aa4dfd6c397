using System.Net.Http.Headers;
using System.Text.Json;
using ServiceCtl.Engine.Health;

namespace ServiceCtl.Engine.Remote;

/// <summary>
/// Tells the generation that serves where the modules are: all of them when it begins, one when its addresses change. One post at a time,
/// so that the last word comes last. What fails is tried again, with growing waits, as long as it is the last word and the generation
/// serves.
/// </summary>
internal sealed class ModuleAddressSender : IAsyncDisposable
{
    private const string Target = "/receive_module_addresses";

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly string _service;
    private readonly TimeProvider _time;
    private readonly Action<string> _warn;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _problems = [];
    private AddressBook _book;
    private CancellationTokenSource? _serving;
    private TaskCompletionSource _news = New();
    private Task _posting = Task.CompletedTask;

    /// <param name="service">Its name, for what is reported.</param>
    /// <param name="known">Addresses that an earlier agent had.</param>
    /// <param name="time">Measures the waits.</param>
    /// <param name="warn">Hears what goes wrong, once for each module and generation.</param>
    public ModuleAddressSender(string service, AddressBook known, TimeProvider time, Action<string> warn)
    {
        _service = service;
        _book = known;
        _time = time;
        _warn = warn;
    }

    public AddressBook Book
    {
        get
        {
            lock (_gate)
                return _book;
        }
    }

    /// <summary>Why a module's addresses have not been taken; null where they have, or nobody serves.</summary>
    public string? ProblemOf(string module)
    {
        lock (_gate)
            return _problems.GetValueOrDefault(module);
    }

    /// <returns>Whether that is news.</returns>
    public bool Set(string module, IReadOnlyList<string> hosts)
    {
        lock (_gate)
        {
            var next = _book.With(module, hosts);
            var isNews = next != _book;
            _book = next;
            if (isNews)
                _news.TrySetResult();
            return isNews;
        }
    }

    /// <summary>A generation is ready, or was taken on.</summary>
    public void Begin(int generation, ProbeSite? site)
    {
        lock (_gate)
        {
            _serving?.Cancel();
            _problems.Clear();
            _book = _book.Begin(generation);
            if (site is null)
                return;
            _serving = new CancellationTokenSource();
            _posting = PostAsync(_posting, generation, site, _serving.Token);
        }
    }

    /// <summary>Nobody serves any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _serving?.Cancel();
            _problems.Clear();
            _book = _book.End();
        }
    }

    public async ValueTask DisposeAsync()
    {
        End();
        await _posting;
        _serving?.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task PostAsync(Task former, int generation, ProbeSite site, CancellationToken end)
    {
        await former;
        using var http = ServiceConnection.OpenClient(site);
        try
        {
            var wait = FirstWait;
            while (true)
            {
                var (untold, news) = Next();
                var failed = false;
                foreach (var addresses in untold)
                    failed |= !await TryPostAsync(http, generation, addresses, end);
                if (!failed)
                    wait = FirstWait;
                await WaitAsync(news, failed ? wait : Timeout.InfiniteTimeSpan, end);
                wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
            }
        }
        catch (OperationCanceledException)
        {
            // It does not serve any more.
        }
    }

    private (IReadOnlyList<ModuleAddresses> Untold, Task News) Next()
    {
        lock (_gate)
        {
            // What comes from here on wakes the loop up.
            if (_news.Task.IsCompleted)
                _news = New();
            return ([.. _book.Untold.Select(module => new ModuleAddresses(module, _book.Hosts[module]))], _news.Task);
        }
    }

    private async Task WaitAsync(Task news, TimeSpan longest, CancellationToken end)
    {
        try
        {
            await news.WaitAsync(longest, _time, end);
        }
        catch (TimeoutException)
        {
            // Tried again.
        }
    }

    /// <returns>False when it has to be tried again.</returns>
    private async Task<bool> TryPostAsync(HttpClient http, int generation, ModuleAddresses addresses, CancellationToken end)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end);
        limit.CancelAfter(AnswerLimit);
        try
        {
            // With a length: the small servers that such services often are don't understand chunks.
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(addresses, RemoteJson.Default.ModuleAddresses));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await http.PostAsync(Target, content, limit.Token);
            if (answer.IsSuccessStatusCode)
                return Note(generation, addresses, problem: null);
            // Who says that the question is wrong says so the next time as well.
            var isFinal = (int)answer.StatusCode < 500;
            Note(generation, addresses, $"POST {Target} answered {(int)answer.StatusCode}", isFinal);
            return isFinal;
        }
        catch (HttpRequestException error)
        {
            return Note(generation, addresses, $"POST {Target} failed: {ProbeTls.Reason(error)}");
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return Note(generation, addresses, $"POST {Target} was not answered within {AnswerLimit.TotalSeconds:0} s");
        }
    }

    private bool Note(int generation, ModuleAddresses addresses, string? problem, bool isFinal = false)
    {
        bool isNew;
        lock (_gate)
        {
            if (_book.Generation != generation)
                return true;
            if (problem is null || isFinal)
                _book = _book.Reported(generation, addresses);
            isNew = problem is not null && _problems.TryAdd(addresses.Module, problem);
            if (problem is null)
                _problems.Remove(addresses.Module);
        }

        if (isNew)
            _warn(
                $"{_service} has not taken the addresses of {addresses.Module}: "
                    + $"{problem}.{(isFinal ? "" : " It is tried again until it does.")}");
        return problem is null;
    }
}
