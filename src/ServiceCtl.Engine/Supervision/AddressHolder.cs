using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Who has a service's address. An address that is not known is nobody's.</summary>
internal static class AddressHolder
{
    /// <summary>Cheap: asks the kernel's socket table only.</summary>
    public static bool IsListening(ListenAddress? address) => address switch
    {
        null => false,
        { UnixPath: { } path } => UnixListeners.IsListening(path),
        _ => TcpListeners.IsListening(address.EndPoint!),
    };

    /// <summary>Looks for the process as well; null when nobody listens there.</summary>
    public static SocketHolder? Find(ListenAddress? address) => address switch
    {
        null => null,
        { UnixPath: { } path } => UnixListeners.HolderOf(path),
        _ => TcpListeners.HolderOf(address.EndPoint!),
    };
}
