using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Commands;

/// <summary>Asks a person whether it is to be done.</summary>
internal static class Confirmation
{
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: nobody can be asked, or has said no.</exception>
    public static void Require(string question, string target)
    {
        if (!CredentialPrompt.IsPossible)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, target,
                $"deploy.yaml wants deploys to {target} to be confirmed, and there is nobody to ask. Nothing was changed.", "Add '--yes'.");
        Console.Error.Write(VisibleText.Line($"{question} [y/N] "));
        if (Console.ReadLine()?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw new ServiceCtlException(ErrorCode.Cancelled, target, "Nothing was changed.");
    }
}
