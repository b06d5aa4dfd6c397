using System.Text;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>A command line as words, taken apart as a shell does it, with no variables and patterns.</summary>
internal static class ShellWords
{
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isWord, quote) = (false, '\0');
        for (var at = 0; at < line.Length; at++)
        {
            var letter = line[at];
            if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (isWord)
                    words.Add(word.ToString());
                word.Clear();
                isWord = false;
                continue;
            }

            isWord = true;
            if (letter == quote)
                quote = '\0';
            else if (quote == '\0' && letter is ('\'' or '"'))
                quote = letter;
            else if (letter == '\\' && quote != '\'' && at + 1 < line.Length && (quote == '\0' || line[at + 1] is '"' or '\\'))
                word.Append(line[++at]);
            else
                word.Append(letter);
        }

        if (isWord)
            words.Add(word.ToString());
        return words;
    }
}
