using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Why an address can't be listened on, and what to do about it. The kernel's own words mislead: a folder that is missing is "Cannot assign
/// requested address" by the time they arrive.
/// </summary>
internal static class AddressFault
{
    private const int FirstFreePort = 1024;

    /// <summary>Sees, before a Unix socket is made, that its place is there, and nobody else's.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>.</exception>
    public static void RequirePlace(ServiceDefinition definition, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            throw Of(
                definition, path, File.Exists(folder) ? $"{folder} is a file, not a folder" : $"the folder {folder} does not exist",
                $"Make it, name it in directories_to_create, or correct the address in {definition.ConfigPath}.");
        }

        if (FileFacts.TryOf(path) is { IsSocket: false } facts)
        {
            throw Of(
                definition, path, facts.IsFolder ? "there is a folder of that name" : "there is a file of that name, which is no socket",
                $"It was left alone. Move it away if it should not be there, or choose another address in {definition.ConfigPath}.");
        }
    }

    public static ServiceCtlException Of(ServiceDefinition definition, ListenAddress address, Exception error)
    {
        var correct = $"Correct the address in {definition.ConfigPath}";
        var advice = (error as SocketException)?.SocketErrorCode switch
        {
            SocketError.AccessDenied when address.EndPoint is { Port: < FirstFreePort } =>
                $"{correct}; ports below {FirstFreePort} need root or CAP_NET_BIND_SERVICE.",
            SocketError.AddressNotAvailable =>
                $"No interface of this machine has that address ('ip address' lists those that there are). {correct}; 0.0.0.0 is "
                    + "all of them.",
            SocketError.AccessDenied when address.UnixPath is { } path =>
                $"{definition.User ?? "The agent's user"} may not write into {Path.GetDirectoryName(path)}: correct its permissions, or "
                    + $"the address in {definition.ConfigPath}.",
            _ => $"{correct}.",
        };
        return new ServiceCtlException(ErrorCode.System, definition.Name,
            $"{definition.Name} can't listen on {address}: {error.Message.TrimEnd('.')}.", advice, error);
    }

    private static ServiceCtlException Of(ServiceDefinition definition, string path, string reason, string advice) =>
        new(ErrorCode.System, definition.Name, $"{definition.Name} can't listen on {path}: {reason}.", advice);
}
