namespace ServiceCtl.Host;

/// <summary>What <c>servicectl</c> ends with.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>Something that was ordered was not, or not wholly, carried out.</summary>
    public const int Failed = 1;

    /// <summary>The command line was not understood; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Of <c>status</c> alone: a service that was asked for is not running. The number is the LSB's for "program is not running".</summary>
    public const int NotRunning = 3;

    /// <summary>Ended by Ctrl+C, as shells count it.</summary>
    public const int Interrupted = 130;
}
