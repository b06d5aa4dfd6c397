using System.Globalization;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// The socket that a <c>uwsgi:</c> section opens for its clients, or the one that is opened for it when it names none. A single plain
/// socket is held by the agent and passed on; routers (<c>http</c>), TLS and several sockets at once are uWSGI's own to bind.
/// </summary>
internal sealed record UwsgiSockets
{
    private static readonly string[] Http = ["http-socket", "http"];
    private static readonly string[] Uwsgi = ["socket", "uwsgi-socket", "s"];

    private static readonly string[] Others = ["https", "https-socket", "http11-socket", "fastcgi-socket", "scgi-socket", "raw-socket", "shared-socket"];

    private static readonly string[] Passable = ["http-socket", .. Uwsgi];

    /// <summary>Options that put a process of uWSGI's own between the clients and the workers.</summary>
    private static readonly string[] Routers =
    [
        "http", "httprouter", "https", "httpsrouter", "https2", "http-to-https", "fastrouter", "rawrouter", "sslrouter", "sslrouter2", "forkptyrouter",
    ];

    private UwsgiSockets(SocketPlan plan, bool isGiven)
    {
        Plan = plan;
        IsGiven = isGiven;
    }

    public SocketPlan Plan { get; }

    /// <summary>Does the section itself name a socket?</summary>
    public bool IsGiven { get; }

    /// <summary>Options whose address becomes the passed socket.</summary>
    public static bool IsPassable(string key) => Passable.Contains(key);

    public static bool HasRouter(UwsgiSection section) => section.Has(Routers);

    public static UwsgiSockets Of(ServiceDefinition definition)
    {
        var section = definition.Uwsgi;
        var given = section.Options.Where(option => Http.Contains(option.Name) || Uwsgi.Contains(option.Name) || Others.Contains(option.Name)).ToArray();
        var asked = given.LastOrDefault(option => Http.Contains(option.Name)) ?? given.LastOrDefault(option => Uwsgi.Contains(option.Name)) ?? given.LastOrDefault();
        var address = asked is null ? definition.Listen : Parse(asked.Value, definition);
        var isHeld = address is not null && given.All(option => Passable.Contains(option.Name)) && given.Length <= 1 && !BindsElsewhere(section);
        var plan = new SocketPlan
        {
            Addresses = address is null ? [] : [new ServedAddress(address, WireProtocol.Http)],
            IsHeld = isHeld,
            Backlog = Backlog(section),
            Access = SocketPlans.AccessOf(definition, UwsgiSocketFile.Of(section)),
        };
        return new UwsgiSockets(plan, isGiven: asked is not null);
    }

    /// <summary>A stats server on TCP can't be opened by two generations at once.</summary>
    private static bool BindsElsewhere(UwsgiSection section) => section.Last("stats", "stats-server") is { } stats && stats.Contains(':');

    private static int Backlog(UwsgiSection section) =>
        int.TryParse(section.Last("listen", "l"), NumberStyles.None, CultureInfo.InvariantCulture, out var backlog) ? backlog : SocketPlan.DefaultBacklog;

    // "address,certificate,key" for the TLS ones. A path may be written without a slash, relative to where uWSGI was started.
    private static ListenAddress? Parse(string value, ServiceDefinition definition)
    {
        var text = value.Split(',')[0].Trim();
        return ListenAddress.TryParse(text, definition.Folder, out var address) || ListenAddress.TryParse($"./{text}", definition.Folder, out address) ? address : null;
    }
}
