using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Text;

/// <summary>A source that can't be read any further. Never leaves this room: the reader of the source turns it into a problem.</summary>
internal sealed class MalformedSourceException : Exception
{
    public MalformedSourceException(Origin origin, string message, string advice, Exception? inner = null)
        : base(message, inner)
    {
        Origin = origin;
        Advice = advice;
    }

    public Origin Origin { get; }

    public string Advice { get; }
}
