namespace ServiceCtl.Engine.Processes;

/// <summary>What a <see cref="GuardedReader"/> does.</summary>
internal interface IGuardedPass
{
    /// <param name="reader">The one who does it; null: the caller, without a guard.</param>
    /// <returns>False when it was left behind; true when it came to the end.</returns>
    bool Run(GuardedReader? reader);
}
