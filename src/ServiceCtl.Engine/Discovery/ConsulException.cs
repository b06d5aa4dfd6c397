namespace ServiceCtl.Engine.Discovery;

/// <summary>Consul could not be asked, or refused. The message says which, and never holds the token.</summary>
public sealed class ConsulException : Exception
{
    public ConsulException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
