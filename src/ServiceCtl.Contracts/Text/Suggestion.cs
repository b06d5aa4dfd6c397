namespace ServiceCtl.Contracts;

/// <summary>Finds the word that was meant.</summary>
public static class Suggestion
{
    /// <summary>
    /// The nearest of the candidates; null when none is near enough to be a slip of the fingers (a third of the word at most).
    /// </summary>
    public static string? For(string word, IEnumerable<string> candidates) => Nearest(word, candidates, Math.Clamp(word.Length / 3, 1, 3));

    /// <summary>
    /// Only what differs in case, in <c>-</c> and <c>_</c>, or by one letter: for words that may well be right as they are.
    /// </summary>
    public static string? ForLikelySlip(string word, IEnumerable<string> candidates) => Nearest(word, candidates, word.Length < 5 ? 0 : 1);

    private static string? Nearest(string word, IEnumerable<string> candidates, int limit)
    {
        // Long words are nobody's slip, and the distance takes quadratic time.
        if (word.Length > 64)
            return null;
        var folded = Fold(word);
        return candidates
            .Where(candidate => Math.Abs(candidate.Length - word.Length) <= limit)
            .Select(candidate => (candidate, distance: Distance(folded, Fold(candidate))))
            .Where(pair => pair.distance <= limit)
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    private static string Fold(string word) => word.ToLowerInvariant().Replace('-', '_');

    /// <summary>Edits between two words, where a swap of neighbours counts as one (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var row = 0; row <= left.Length; row++)
            rows[row, 0] = row;
        for (var column = 0; column <= right.Length; column++)
            rows[0, column] = column;
        for (var row = 1; row <= left.Length; row++)
        {
            for (var column = 1; column <= right.Length; column++)
            {
                var cost = left[row - 1] == right[column - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[row - 1, column] + 1, rows[row, column - 1] + 1), rows[row - 1, column - 1] + cost);
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                    best = Math.Min(best, rows[row - 2, column - 2] + 1);
                rows[row, column] = best;
            }
        }

        return rows[left.Length, right.Length];
    }
}
