using ServiceCtl.Contracts;
using ServiceCtl.Engine.Foreground;

namespace ServiceCtl.Tests.Unit.Foreground;

/// <summary>Orders of a schedule to a service in the foreground that come at a bad moment.</summary>
public sealed class ForegroundOrdersTests : IDisposable
{
    private readonly ForegroundOrders _orders = new("web");

    public void Dispose() => _orders.Dispose();

    [Fact]
    public async Task A_stop_that_comes_while_the_service_is_started_again_is_not_lost()
    {
        await _orders.GiveAsync(ServiceAction.Stop, null, TestContext.Current.CancellationToken);

        _orders.Complete();

        Assert.True(_orders.Next.IsCompletedSuccessfully);
        Assert.Equal(ServiceAction.Stop, (await _orders.Next).Action);
    }

    [Fact]
    public async Task A_stop_wins_over_a_restart_that_was_ordered_before()
    {
        var restarted = _orders.GiveAsync(ServiceAction.Restart, null, TestContext.Current.CancellationToken);
        Assert.Equal(ServiceAction.Restart, _orders.Given?.Action);

        await _orders.GiveAsync(ServiceAction.Stop, null, TestContext.Current.CancellationToken);

        Assert.Equal(ServiceAction.Stop, _orders.Given?.Action);
        _orders.Complete();
        Assert.Equal(OperationOutcome.Done, (await restarted).Outcome);
        Assert.Equal(ServiceAction.Stop, (await _orders.Next).Action);
    }

    [Fact]
    public async Task A_restart_is_carried_out_once()
    {
        var restarted = _orders.GiveAsync(ServiceAction.HotRestart, null, TestContext.Current.CancellationToken);

        _orders.Complete();

        Assert.Equal(OperationOutcome.Done, (await restarted).Outcome);
        Assert.Null(_orders.Given);
        Assert.False(_orders.Next.IsCompleted);
    }

    [Fact]
    public async Task A_stop_ends_a_wait_and_nothing_is_carried_out_after_it()
    {
        Assert.False(_orders.Stopped.IsCancellationRequested);

        await _orders.GiveAsync(ServiceAction.Stop, null, TestContext.Current.CancellationToken);
        var late = await _orders.GiveAsync(ServiceAction.Restart, null, TestContext.Current.CancellationToken);

        Assert.True(_orders.Stopped.IsCancellationRequested);
        Assert.Equal(OperationOutcome.Unchanged, late.Outcome);
        Assert.Equal(ServiceAction.Stop, _orders.Given?.Action);
    }

    [Fact]
    public async Task The_limit_of_an_order_is_kept_until_the_service_is_ready_again()
    {
        var restarted = _orders.GiveAsync(ServiceAction.Restart, TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.Equal(TimeSpan.FromSeconds(3), _orders.Given?.Limit);

        _orders.Complete();

        await restarted;
        Assert.Null(_orders.Given);
    }
}
