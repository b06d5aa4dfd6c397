using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// An option of the section that names an address for the service's clients. <c>stats</c>, <c>carbon</c> and the emperor's name none.
/// </summary>
/// <param name="Option">As it was written.</param>
/// <param name="Text">Its value, with all placeholders resolved.</param>
/// <param name="Address">Null for one that can't be bound from outside.</param>
/// <param name="Speaks">What is spoken there.</param>
/// <param name="IsRouter">Does a process of its own listen there, which passes requests on to the workers?</param>
internal sealed record UwsgiSocketOption(ProgramOption Option, string Text, ListenAddress? Address, WireProtocol Speaks, bool IsRouter)
{
    private const string KeyedAddress = "addr=";

    private static readonly Dictionary<string, (WireProtocol Speaks, bool IsRouter)> Known = new()
    {
        ["http-socket"] = (WireProtocol.Http, false),
        ["http11-socket"] = (WireProtocol.Http, false),
        ["https-socket"] = (WireProtocol.Https, false),
        ["socket"] = (WireProtocol.Gateway, false),
        ["uwsgi-socket"] = (WireProtocol.Gateway, false),
        ["puwsgi-socket"] = (WireProtocol.Gateway, false),
        ["suwsgi-socket"] = (WireProtocol.Gateway, false),
        ["ssl-socket"] = (WireProtocol.Gateway, false),
        ["fastcgi-socket"] = (WireProtocol.Gateway, false),
        ["fastcgi-nph-socket"] = (WireProtocol.Gateway, false),
        ["scgi-socket"] = (WireProtocol.Gateway, false),
        ["scgi-nph-socket"] = (WireProtocol.Gateway, false),
        ["raw-socket"] = (WireProtocol.Gateway, false),
        ["shared-socket"] = (WireProtocol.Gateway, false),
        ["undeferred-shared-socket"] = (WireProtocol.Gateway, false),
        ["http"] = (WireProtocol.Http, true),
        ["httprouter"] = (WireProtocol.Http, true),
        ["https"] = (WireProtocol.Https, true),
        ["httpsrouter"] = (WireProtocol.Https, true),
        ["https2"] = (WireProtocol.Https, true),
        // It answers with where HTTPS is: as good as none to ask.
        ["http-to-https"] = (WireProtocol.Gateway, true),
        ["fastrouter"] = (WireProtocol.Gateway, true),
        ["rawrouter"] = (WireProtocol.Gateway, true),
        ["sslrouter"] = (WireProtocol.Gateway, true),
        ["sslrouter2"] = (WireProtocol.Gateway, true),
        ["forkptyrouter"] = (WireProtocol.Gateway, true),
    };

    /// <summary>Does it take requests in uWSGI's own protocol, as its routers pass them on?</summary>
    public bool TakesRouted => Option.Name is "socket" or "uwsgi-socket" or "s" && Speaks == WireProtocol.Gateway;

    /// <summary>uWSGI opens these for others of its sockets, and only itself.</summary>
    public bool IsShared => Option.Name.EndsWith("shared-socket", StringComparison.Ordinal);

    /// <summary>The option's value, with a passed socket in the place of the address.</summary>
    public string WithDescriptor(int descriptor)
    {
        var (start, length) = Place(Text);
        return $"{Text[..start]}fd://{descriptor}{Text[(start + length)..]}";
    }

    public static bool IsRouterOption(string name) => Known.TryGetValue(name, out var kind) && kind.IsRouter;

    /// <summary>All of a section, in its order.</summary>
    public static IReadOnlyList<UwsgiSocketOption> Of(ServiceDefinition definition)
    {
        var placeholders = new UwsgiPlaceholders(definition.Uwsgi, definition.Folder);
        // Sockets are bound after the change of folder.
        var folder = definition.Uwsgi.Last("chdir") is { } chdir
            ? Path.GetFullPath(placeholders.Resolve(chdir), definition.Folder) : definition.Folder;
        var usual = definition.Uwsgi.Last("protocol", "socket-protocol") is { } protocol
            ? OfProtocol(placeholders.Resolve(protocol)) : WireProtocol.Gateway;
        return [.. definition.Uwsgi.Options.Where(option => Known.ContainsKey(option.Name)).Select(option =>
        {
            var text = placeholders.Resolve(option.Value).Trim();
            var (start, length) = Place(text);
            var (speaks, isRouter) = Known[option.Name];
            return new UwsgiSocketOption(
                option, text, UwsgiAddress.TryParse(text.Substring(start, length), folder),
                option.Name == "socket" ? usual : speaks, isRouter);
        })];
    }

    private static WireProtocol OfProtocol(string name) => name switch
    {
        "http" or "http11" => WireProtocol.Http,
        "https" => WireProtocol.Https,
        _ => WireProtocol.Gateway,
    };

    /// <summary>Where the address is in <c>address,certificate,key</c>, or in <c>addr=address,cert=…</c>.</summary>
    private static (int Start, int Length) Place(string text)
    {
        var keyed = text.IndexOf(KeyedAddress, StringComparison.Ordinal);
        var start = keyed < 0 ? 0 : keyed + KeyedAddress.Length;
        var comma = text.IndexOf(',', start);
        return (start, (comma < 0 ? text.Length : comma) - start);
    }
}
