using System.Globalization;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// The sockets that a <c>uwsgi:</c> section opens for its clients, or the one that is opened for it when it names none. uWSGI's routers
/// take a passed socket as its workers do, so that the agent holds them all, whatever is spoken there.
/// </summary>
internal sealed record UwsgiSockets
{
    private UwsgiSockets(SocketPlan plan, IReadOnlyList<UwsgiSocketOption> given)
    {
        Plan = plan;
        Given = given;
    }

    public SocketPlan Plan { get; }

    /// <summary>Those that the section itself names, in the order of the plan's addresses where all of these are held.</summary>
    public IReadOnlyList<UwsgiSocketOption> Given { get; }

    /// <summary>
    /// Routers pass requests on to the section's first socket, in uWSGI's own protocol, by the name that it was bound to. Where that speaks
    /// another one, is a Unix socket, the file of which has another name by then, or there is none, they need one of their own in front of
    /// all.
    /// </summary>
    public bool NeedsRoutedSocket => Given.Any(socket => socket.IsRouter)
        && Given.FirstOrDefault(socket => !socket.IsRouter && !socket.IsShared) is not { TakesRouted: true, Address.EndPoint: not null };

    public static bool HasRouter(UwsgiSection section) => section.Options.Any(option => UwsgiSocketOption.IsRouterOption(option.Name));

    public static UwsgiSockets Of(ServiceDefinition definition)
    {
        var section = definition.Uwsgi;
        var given = UwsgiSocketOption.Of(definition);
        ServedAddress[] addresses = given.Count > 0
            ? [.. given.Where(socket => socket.Address is not null).Select(socket => new ServedAddress(socket.Address!, socket.Speaks))]
            : [.. definition.Listens.Select(listen => new ServedAddress(listen, WireProtocol.Http))];
        var why = WhyOwn(section, given);
        var plan = new SocketPlan
        {
            Addresses = addresses,
            IsHeld = addresses.Length > 0 && why is null,
            WhyOwn = why,
            Backlog = Backlog(section),
            Access = SocketPlans.AccessOf(definition, UwsgiSocketFile.Of(section)),
        };
        return new UwsgiSockets(plan, given);
    }

    /// <summary>Why uWSGI has to bind them itself; null where it has not.</summary>
    private static string? WhyOwn(UwsgiSection section, IReadOnlyList<UwsgiSocketOption> given)
    {
        if (section.Last("stats", "stats-server") is { } stats && stats.Contains(':'))
            return $"because the stats server's address {stats} can't be opened by two at once";
        if (given.FirstOrDefault(socket => socket.IsShared || socket.Address is null) is { } own)
            return $"because uWSGI has to open {own.Option.Name} {own.Text} itself";
        var twice = given.GroupBy(socket => socket.Address).FirstOrDefault(same => same.Count() > 1);
        return twice is null ? null : $"because {twice.Key} is named twice";
    }

    private static int Backlog(UwsgiSection section) =>
        int.TryParse(section.Last("listen"), NumberStyles.None, CultureInfo.InvariantCulture, out var backlog)
            ? backlog : SocketPlan.DefaultBacklog;
}
