using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Commands;

/// <summary>Asks a person for a user and a password. The terminal does not show the password.</summary>
internal static class CredentialPrompt
{
    public static bool IsPossible => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <param name="reason">What they are for.</param>
    /// <param name="user">The user, when it is known.</param>
    public static (string User, string Password) Ask(string reason, string? user)
    {
        ConsoleOutput.WriteErrorLine(reason);
        if (user is null)
        {
            Console.Error.Write("User: ");
            user = Console.ReadLine() ?? "";
        }

        Console.Error.Write(VisibleText.Line($"Password of {user}: "));
        var password = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key != ConsoleKey.Backspace)
                password.Append(key.KeyChar);
            else if (password.Length > 0)
                password.Length--;
        }

        ConsoleOutput.WriteErrorLine("");
        return (user, password.ToString());
    }
}
