using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Events;

/// <summary>How many bytes of events are kept on disk, in both files together.</summary>
internal static class JournalSize
{
    public const string Variable = "SERVICECTL_EVENTS_SIZE";

    internal const long Default = 2 << 20;

    /// <summary>Beyond this, an alert sender that is behind would need too much memory.</summary>
    internal const long Most = 64 << 20;

    private const long Least = 64 << 10;

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: the variable is set to something else.</exception>
    public static long Of(Func<string, string?> variable)
    {
        if (variable(Variable) is not { Length: > 0 } text)
            return Default;
        return SizeText.TryParse(text, out var size) && size is >= Least and <= Most ? size : throw new ServiceCtlException(
            ErrorCode.InvalidArgument, Variable, string.Create(CultureInfo.InvariantCulture,
                $"The variable {Variable}, {VisibleText.Of(text)}, is not a size from {Least >> 10}KiB to {Most >> 20}MiB."),
            string.Create(CultureInfo.InvariantCulture, $"Set it to one, or unset it for {Default >> 20}MiB."));
    }
}
