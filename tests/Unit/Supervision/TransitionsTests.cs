using ServiceCtl.Contracts;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Tests.Unit.Supervision;

public sealed class TransitionsTests
{
    [Fact]
    public void Every_state_has_a_way_out_and_leads_back_to_starting()
    {
        foreach (var state in Enum.GetValues<ServiceState>())
            Assert.Contains(ServiceState.Starting, Reachable(state));
    }

    [Theory]
    [InlineData(ServiceState.Stopped, ServiceState.Running)]
    [InlineData(ServiceState.Stopping, ServiceState.Running)]
    [InlineData(ServiceState.Failed, ServiceState.Running)]
    public void Nothing_runs_without_having_started(ServiceState from, ServiceState to)
    {
        Assert.False(Transitions.IsAllowed(from, to));
        Assert.Throws<InvalidOperationException>(() => Transitions.Require(from, to));
    }

    /// <summary>
    /// What each of them is for is said where it happens: an awaited restart, an end that is no failure, a start that waits for what it
    /// requires, a stop that failed.
    /// </summary>
    [Theory]
    [InlineData(ServiceState.Idle, "Starting Stopped Failed")]
    [InlineData(ServiceState.Stopped, "Idle Starting Failed")]
    [InlineData(ServiceState.Starting, "Running Restarting Stopped Failed")]
    [InlineData(ServiceState.Running, "Restarting Stopping Stopped Failed")]
    [InlineData(ServiceState.Restarting, "Starting Running Stopped Failed")]
    [InlineData(ServiceState.Stopping, "Stopped Failed")]
    [InlineData(ServiceState.Failed, "Idle Starting Restarting Stopping Stopped")]
    public void The_table_is_this(ServiceState from, string to)
    {
        Assert.Equal(to.Split(' ').Select(Enum.Parse<ServiceState>).Order(),
            Enum.GetValues<ServiceState>().Where(next => Transitions.IsAllowed(from, next)).Order());
    }

    private static HashSet<ServiceState> Reachable(ServiceState from)
    {
        var reached = new HashSet<ServiceState>();
        var open = new Queue<ServiceState>([from]);
        while (open.TryDequeue(out var state))
        {
            foreach (var next in Enum.GetValues<ServiceState>().Where(next => Transitions.IsAllowed(state, next) && reached.Add(next)))
                open.Enqueue(next);
        }

        return reached;
    }
}
