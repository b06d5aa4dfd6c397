namespace ServiceCtl.Engine.Processes;

/// <summary>What a <see cref="GuardedReader"/> does.</summary>
internal interface IGuardedPass
{
    /// <param name="reader">The one who does it; null: the caller, without a guard.</param>
    /// <returns>The process that it was left behind at; null when it came to the end.</returns>
    int? Run(GuardedReader? reader);
}
