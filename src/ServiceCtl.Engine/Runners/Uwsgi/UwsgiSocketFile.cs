using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// The file that uWSGI itself would make for a Unix socket: it binds after it has become its <c>uid</c> and <c>gid</c>, with its
/// <c>umask</c>, and then does what
/// <c>chmod-socket</c> and <c>chown-socket</c> say.
/// </summary>
internal static class UwsgiSocketFile
{
    private const int Everything = 0b111_111_111;

    private static readonly string[] Ownership = ["chown-socket"];
    private static readonly string[] Permissions = ["chmod-socket", "C"];

    /// <summary>
    /// Is it done by the agent, and not told to uWSGI? A passed socket has no path that it could give away: it ends over it, as it does
    /// over permissions without digits, where its documentation has 666. What it can't read it is given all the same, so that it says so.
    /// </summary>
    public static bool IsOurs(ProgramOption option) => Ownership.Contains(option.Name)
        || (Permissions.Contains(option.Name) && (option.Value.Length == 0 || SocketPermissions.TryParseMode(option.Value, out _)));

    public static SocketPermissions Of(UwsgiSection section)
    {
        var owners = section.Last(Ownership)?.Split(':', 2);
        return new SocketPermissions(Mode(section), NotEmpty(owners?[0]) ?? section.Last("uid"),
            (owners is [_, var group] ? NotEmpty(group) : null) ?? section.Last("gid"));
    }

    private static UnixFileMode? Mode(UwsgiSection section) => section.Last(Permissions) switch
    {
        null => section.Last("umask") is { } umask && SocketPermissions.TryParseMode(umask, out var mask)
            ? (UnixFileMode)(Everything & ~(int)mask) : null,
        "" => (UnixFileMode)0b110_110_110,
        var text => SocketPermissions.TryParseMode(text, out var mode) ? mode : null,
    };

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
