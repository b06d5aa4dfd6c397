using System.Globalization;

namespace ServiceCtl.Contracts;

/// <summary>What one of two generations that serve side by side has done since both do.</summary>
public sealed record GenerationFigures
{
    public required int Generation { get; init; }

    /// <summary>Requests that it has answered; null where its server counts and logs none.</summary>
    public long? Requests { get; init; }

    /// <summary>Those of them that were answered with a 5xx; null where its server does not log them.</summary>
    public long? ServerErrors { get; init; }

    /// <summary>How long a request took on average, in milliseconds; null where its server does not tell.</summary>
    public double? Milliseconds { get; init; }

    /// <summary>The exceptions that it has logged, by kind, the most frequent first.</summary>
    public IReadOnlyList<ExceptionCount> Exceptions { get => field ?? []; init; }

    /// <summary>Percent of the requests that were answered with a 5xx; null where that is not known.</summary>
    public double? ErrorRate => Requests is { } all && ServerErrors is { } bad ? all == 0 ? 0 : 100.0 * bad / all : null;

    public override string ToString()
    {
        var requests = Requests is { } all ? string.Create(CultureInfo.InvariantCulture, $"{all} requests") : "requests not counted";
        var errors = ServerErrors is { } bad ? string.Create(CultureInfo.InvariantCulture, $"{bad} of them 5xx") : "5xx not logged";
        var time = Milliseconds is { } mean ? string.Create(CultureInfo.InvariantCulture, $"{mean:0.0} ms each") : "times not known";
        return string.Create(
            CultureInfo.InvariantCulture, $"{requests}, {errors}, {time}, {Exceptions.Sum(kind => kind.Count)} exceptions");
    }
}
