using System.Text;

namespace ServiceCtl.Tests.Fuzz;

/// <summary>Changes inputs, the same way in each run with the same seed.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<string> dictionary)
{
    /// <summary>Bytes. What grows with its input shows it here, and an honest input is much smaller.</summary>
    private const int Longest = 256 * 1024;

    private static readonly string[] Anywhere =
    [
        "\0", "\n", "\r", "\t", "\e[31m", "\u009b", "\u202e", "\ufeff", "\ud83d\ude00", "\"", "'", "\\", "{", "}", "[", "]", ",", ":", "=",
        "#", "-1", "0", "1e999", "NaN", "9223372036854775808",
        "2147483648", "null", "true", "../../../etc/passwd", "/dev/zero", "%s%n", "${x}", "$(id)", "a.a.a.a.a.a.a.a", "((((((((", "*&^<<:",
    ];

    public byte[] Next(IReadOnlyList<byte[]> pool)
    {
        var input = pool[random.Next(pool.Count)].ToList();
        // Few changes mostly, so that most of an input is still understood.
        for (var changes = 1 + (int)(random.NextDouble() * random.NextDouble() * 8); changes > 0; changes--)
            Change(input, pool);
        return [.. input.Take(Longest)];
    }

    private void Change(List<byte> input, IReadOnlyList<byte[]> pool)
    {
        var at = random.Next(input.Count + 1);
        var count = Math.Min(input.Count - at, 1 + (int)(Math.Pow(random.NextDouble(), 3) * Math.Max(16, input.Count / 2)));
        switch (random.Next(11))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)random.Next(256);
                break;
            case 2:
                input.RemoveRange(at, count);
                break;
            case 3:
                input.InsertRange(random.Next(input.Count + 1), input.GetRange(at, count));
                break;
            case 4:
                Splice(input, at, pool[random.Next(pool.Count)]);
                break;
            case 5:
                Repeat(input, at, count);
                break;
            case 6:
                Number(input, at);
                break;
            case 7:
                input.RemoveRange(at, input.Count - at);
                break;
            default:
                input.InsertRange(at, Encoding.UTF8.GetBytes(Word()));
                break;
        }
    }

    private string Word() => random.Next(2) == 0 || dictionary.Count == 0
        ? Anywhere[random.Next(Anywhere.Length)] : dictionary[random.Next(dictionary.Count)];

    private void Splice(List<byte> input, int at, byte[] other)
    {
        var from = random.Next(other.Length + 1);
        input.InsertRange(at, other.AsSpan(from, random.Next(other.Length - from + 1)).ToArray());
    }

    /// <summary>What takes more than linear time, or a level of the stack each, shows itself by many of the same.</summary>
    private void Repeat(List<byte> input, int at, int count)
    {
        var piece = random.Next(2) == 0 ? input.GetRange(at, count).ToArray() : Encoding.UTF8.GetBytes(Word());
        if (piece.Length == 0)
            return;
        var times = Math.Min(1 << random.Next(1, 16), (Longest - Math.Min(Longest, input.Count)) / piece.Length);
        var repeated = new byte[times * piece.Length];
        for (var time = 0; time < times; time++)
            piece.CopyTo(repeated, time * piece.Length);
        input.InsertRange(at, repeated);
    }

    private void Number(List<byte> input, int at)
    {
        var first = input.FindIndex(at, letter => letter is >= (byte)'0' and <= (byte)'9');
        if (first < 0)
            return;
        var end = first;
        while (end < input.Count && input[end] is >= (byte)'0' and <= (byte)'9')
            end++;
        string[] numbers = ["0", "-1", "1", "65536", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
            "9223372036854775808", "1e400", "00", "0x7f", "1.5", "99999999999999999999999"];
        input.RemoveRange(first, end - first);
        input.InsertRange(first, Encoding.ASCII.GetBytes(numbers[random.Next(numbers.Length)]));
    }
}
