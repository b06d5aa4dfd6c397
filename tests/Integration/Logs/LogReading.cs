using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Reading;

namespace ServiceCtl.Tests.Integration.Logs;

internal static class LogReading
{
    /// <summary>The lines alone, without the sign between what was there and what comes.</summary>
    public static IAsyncEnumerable<LogLine> LinesAsync(this LogReader reader, LogQuery query, CancellationToken cancellation = default) =>
        reader.ReadAsync(query, cancellation).Where(line => line is not null).Select(line => line!);
}
