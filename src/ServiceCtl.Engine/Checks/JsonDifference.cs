using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServiceCtl.Engine.Checks;

/// <summary>Where two JSON values differ, in words: <c>error.code: expected -32601, got -32602</c>.</summary>
internal sealed class JsonDifference
{
    /// <summary>Nobody reads more lines than these, nor a longer value.</summary>
    private const int Lines = 20;

    private const int Characters = 200;

    private readonly List<string> _lines = [];

    private JsonDifference()
    {
    }

    /// <summary>Empty when they are equal: order of members does not matter, order of items does, and 5 equals 5.0.</summary>
    public static IReadOnlyList<string> Between(JsonNode? expected, JsonNode? actual)
    {
        var difference = new JsonDifference();
        difference.Compare("", expected, actual);
        var lines = difference._lines;
        return lines.Count <= Lines ? lines : [.. lines.Take(Lines), $"… and {lines.Count - Lines} more differences"];
    }

    private void Compare(string path, JsonNode? expected, JsonNode? actual)
    {
        switch (expected, actual)
        {
            case (JsonObject left, JsonObject right):
                foreach (var (name, value) in left)
                {
                    if (right.TryGetPropertyValue(name, out var other))
                        Compare(Below(path, name), value, other);
                    else
                        Report(Below(path, name), $"expected {Short(value)}, and it is missing");
                }

                foreach (var (name, value) in right.Where(member => !left.ContainsKey(member.Key)))
                    Report(Below(path, name), $"not expected, got {Short(value)}");
                break;
            case (JsonArray left, JsonArray right):
                for (var index = 0; index < Math.Min(left.Count, right.Count); index++)
                    Compare($"{path}[{index}]", left[index], right[index]);
                if (left.Count != right.Count)
                    Report(path, $"expected {left.Count} items, got {right.Count}");
                break;
            default:
                if (!AreEqual(expected, actual))
                    Report(path, $"expected {Short(expected)}, got {Short(actual)}");
                break;
        }
    }

    private static bool AreEqual(JsonNode? expected, JsonNode? actual)
    {
        if (expected is not JsonValue left || actual is not JsonValue right)
            return expected is null && actual is null;
        if (left.GetValueKind() != right.GetValueKind())
            return false;
        return left.GetValueKind() switch
        {
            JsonValueKind.Number => NumbersAreEqual(left.ToJsonString(), right.ToJsonString()),
            JsonValueKind.String => left.GetValue<string>() == right.GetValue<string>(),
            _ => true,
        };
    }

    private static bool NumbersAreEqual(string left, string right) =>
        decimal.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out var first)
        && decimal.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var second)
            ? first == second
            : double.Parse(left, CultureInfo.InvariantCulture).Equals(double.Parse(right, CultureInfo.InvariantCulture));

    private void Report(string path, string words) => _lines.Add($"{(path.Length == 0 ? "(whole answer)" : path)}: {words}");

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Short(JsonNode? node)
    {
        var text = JsonValues.Text(node);
        return text.Length <= Characters ? text : $"{text[..Characters]}… ({text.Length} characters)";
    }
}
