using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What relog remembers of the logs it has read, in memory and in <c>state.json</c>.</summary>
internal sealed class RelogMemory
{
    internal const string FileName = "state.json";

    /// <summary>Bytes; a million kinds of exceptions take less.</summary>
    private const int LongestState = 1 << 30;

    /// <summary>Of files that are gone: a compressed one, or a copy, may still come.</summary>
    private const int MostRecords = 500;

    private readonly List<SourceRecord> _sources = [];
    private readonly Dictionary<string, SeriesState> _series = new(StringComparer.Ordinal);

    internal ExceptionGroups Groups { get; } = new();

    internal RelogFigures Unreported { get; set; } = new();

    /// <summary>How long the results were when they were committed; null before the first time.</summary>
    internal (long Exceptions, long InternalErrors)? Lengths { get; set; }

    /// <summary>Reads what is remembered. A damaged file is set aside, together with the results that it belonged to, and told.</summary>
    /// <returns>What was wrong with it.</returns>
    internal RelogProblem? Load(string folder, DateTimeOffset now)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            RelogState state = JsonSerializer.Deserialize(UserFiles.ReadAll(null, path, LongestState), RelogJson.Default.RelogState)
                ?? throw new JsonException("it is empty");
            if (state.Version != RelogState.CurrentVersion)
                throw new JsonException($"it is of version {state.Version}");
            Restore(state);
            return null;
        }
        catch (JsonException error)
        {
            return SetAside(folder, path, error.Message, now);
        }
    }

    /// <summary>What <see cref="Load"/> reads.</summary>
    internal byte[] ToBytes()
    {
        RelogState state = new()
        {
            Sources = [.. _sources.OrderByDescending(record => record.Seen).Take(MostRecords)],
            Series = [.. _series.Values],
            Groups = [.. Groups.All.Select(GroupState.Of)],
            ExceptionsLength = Lengths?.Exceptions,
            InternalErrorsLength = Lengths?.InternalErrors,
            Unreported = Unreported,
        };
        return JsonSerializer.SerializeToUtf8Bytes(state, RelogWritingJson.Default.RelogState);
    }

    /// <summary>What is known of a file, under whatever name or form.</summary>
    /// <param name="file">The file.</param>
    /// <param name="wasReplaced">Whether something else was in this very file before: it was truncated.</param>
    internal SourceRecord? Find(SourceFile file, out bool wasReplaced)
    {
        SourceRecord? here = _sources.Find(record => record.IsAt(file));
        wasReplaced = false;
        if (here?.IsContentOf(file) == true)
            return here;
        SourceRecord? elsewhere = _sources.Find(record => record != here && record.IsContentOf(file));
        wasReplaced = here is not null && elsewhere is null;
        return elsewhere;
    }

    /// <returns>What is remembered; null when nothing of the file was read.</returns>
    internal SourceRecord? Remember(SourceFile file, long offset, DateTimeOffset now)
    {
        int here = _sources.FindIndex(record => record.IsAt(file));
        if (here >= 0 && _sources[here].Offset == offset && _sources[here].Size == file.Size)
        {
            return _sources[here] = _sources[here] with { Seen = now };
        }

        SourceRecord? record = SourceRecord.Of(file, offset, now);
        // What was at this inode may be known again elsewhere: its copy was made before it was truncated, and is read before it.
        if (here >= 0)
            _sources.RemoveAt(here);
        if (record is not null)
            _sources.Add(record);
        return record;
    }

    internal SeriesState SeriesOf(string path) => _series.GetValueOrDefault(path) ?? new SeriesState { Path = path };

    internal void Remember(SeriesState series) => _series[series.Path] = series;

    private static RelogProblem SetAside(string folder, string path, string why, DateTimeOffset now)
    {
        string suffix = $".damaged-{now:yyyyMMddHHmmss}";
        foreach (string file in new[] { path, Path.Combine(folder, ResultFiles.ExceptionsName),
            Path.Combine(folder, ResultFiles.InternalErrorsName) })
        {
            if (File.Exists(file))
                File.Move(file, file + suffix, overwrite: true);
        }

        DurableFolder.Flush(folder);
        return new RelogProblem
        {
            File = path,
            Message =
                $"What relog remembers is damaged ({why}). It and its results were set aside as *{suffix}, and all logs are sorted again.",
            IsWarning = true,
        };
    }

    private void Restore(RelogState state)
    {
        _sources.AddRange(state.Sources);
        foreach (SeriesState series in state.Series)
            _series[series.Path] = series;
        foreach (GroupState group in state.Groups)
            Groups.Restore(group.ToGroup());
        Unreported = state.Unreported;
        if (state is { ExceptionsLength: { } exceptions, InternalErrorsLength: { } internalErrors })
            Lengths = (exceptions, internalErrors);
    }
}
