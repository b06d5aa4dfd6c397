namespace ServiceCtl.Engine.Configuration.Text;

/// <summary>Names in a message. Somebody else's file may hold as many as it likes, each as long as it likes.</summary>
internal static class NameList
{
    public const int Most = 100;

    private const int Longest = 2000;

    /// <summary>The first of them, with commas between.</summary>
    public static string Of(IEnumerable<string> names)
    {
        var shown = string.Join(", ", names.Take(Most + 1).Select((name, index) => index < Most ? name : "…"));
        return shown.Length <= Longest ? shown : $"{shown.AsSpan(0, Longest)}…";
    }
}
