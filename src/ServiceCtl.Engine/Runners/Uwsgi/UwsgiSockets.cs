using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>The socket that a <c>uwsgi:</c> section opens for its clients, or the one that is opened for it when it names none.</summary>
internal sealed record UwsgiSockets(ListenAddress? Address, bool SpeaksHttp, bool Given)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    private static readonly string[] Http = ["http", "http-socket"];
    private static readonly string[] Uwsgi = ["socket", "uwsgi-socket", "s"];

    /// <summary>Sockets that this house can't ask anything: TLS, FastCGI, SCGI, raw. Ready then means that every worker has its application.</summary>
    private static readonly string[] Others = ["https", "https-socket", "http11-socket", "fastcgi-socket", "scgi-socket", "raw-socket", "shared-socket"];

    public static UwsgiSockets Of(ServiceDefinition definition)
    {
        var section = definition.Uwsgi;
        if (section.Last(Http) is { } http)
            return new UwsgiSockets(Parse(http, definition), true, true);
        if (section.Last(Uwsgi) is { } uwsgi)
            return new UwsgiSockets(Parse(uwsgi, definition), false, true);
        if (section.Last(Others) is { } other)
            return new UwsgiSockets(Parse(other, definition), false, true) { Askable = false };
        return new UwsgiSockets(definition.Listen, true, false);
    }

    private bool Askable { get; init; } = true;

    /// <summary>The question that proves the service answers; null where there is nothing to ask.</summary>
    public IProbe? CreateProbe(ReadinessRule rule) => Address is null || !Askable
        ? null
        : SpeaksHttp ? new HttpProbe(Address, rule.HttpPath, ProbeTimeout) : new UwsgiProbe(Address, rule.HttpPath, ProbeTimeout);

    // "address,certificate,key" for the TLS ones. A path may be written without a slash, relative to where uWSGI was started.
    private static ListenAddress? Parse(string value, ServiceDefinition definition)
    {
        var text = value.Split(',')[0].Trim();
        return ListenAddress.TryParse(text, definition.Folder, out var address) || ListenAddress.TryParse($"./{text}", definition.Folder, out address) ? address : null;
    }
}
