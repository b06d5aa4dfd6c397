using Microsoft.AspNetCore.Connections;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Agent;

/// <summary>
/// Lets every new connection in, at the cost of the oldest one when there are too many: a client that is answered at once is never that,
/// and one that says nothing, or a letter a second, gives its place to somebody who has a question.
/// </summary>
internal sealed class CrowdedEndpoint(ServiceAgent agent)
{
    private const int Most = 64;

    private readonly Lock _gate = new();
    private readonly LinkedList<ConnectionContext> _open = new();

    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (_open.Count >= Most)
            DropOldest();
        // Another service's clients may have taken all places; one of ours is older then, or there is none.
        var hasPlace = agent.TryTakeClientPlace() || (DropOldest() && agent.TryTakeClientPlace());
        if (!hasPlace)
        {
            connection.Abort();
            return;
        }

        LinkedListNode<ConnectionContext> node;
        lock (_gate)
            node = _open.AddLast(connection);
        try
        {
            await next(connection);
        }
        finally
        {
            agent.FreeClientPlace();
            lock (_gate)
            {
                if (node.List is not null)
                    _open.Remove(node);
            }
        }
    }

    private bool DropOldest()
    {
        ConnectionContext? oldest;
        lock (_gate)
        {
            oldest = _open.First?.Value;
            if (oldest is not null)
                _open.RemoveFirst();
        }

        oldest?.Abort();
        return oldest is not null;
    }
}
