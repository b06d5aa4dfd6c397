using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>One cgroup of version 2: whoever is born in it stays in it, whatever session, parent or environment it chooses.</summary>
internal sealed class Cgroup(string folder)
{
    /// <summary>Moves a process in; threads and later children come with it, children it has already do not.</summary>
    /// <returns>0, or the error number.</returns>
    internal int TryAdd(int pid) => TryWrite("cgroup.procs", pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// Its living processes; those of cgroups that a service made below it only once it has none itself any more. Empty when it is gone.
    /// </summary>
    internal IReadOnlyList<int> Pids()
    {
        List<int> pids = [];
        ReadOnlySpan<byte> list = ProcFile.TryReadAll($"{folder}/cgroup.procs");
        while (Utf8Parser.TryParse(list, out int pid, out int length))
        {
            pids.Add(pid);
            list = list[length..].TrimStart((byte)'\n');
        }

        // Listing a folder costs more than all the rest, and services with cgroups of their own are rare.
        return pids.Count > 0 || !IsPopulated() ? pids : [.. Below().SelectMany(group => group.Pids())];
    }

    /// <summary>The file by which a process moves itself in.</summary>
    internal string Entrance => $"{folder}/cgroup.procs";

    /// <summary>
    /// Kills all of it at one stroke, those included that are being forked just now (Linux 5.14). Before, they are frozen instead: nobody
    /// forks any more, and each can be killed by itself.
    /// </summary>
    internal void Kill()
    {
        if (TryWrite("cgroup.kill", "1") != 0)
            _ = TryWrite("cgroup.freeze", "1");
    }

    /// <summary>A number out of a file of figures: all of it, or what stands behind a word. Null where there is none.</summary>
    internal long? Read(string file, string? word = null)
    {
        ReadOnlySpan<byte> text = ProcFile.TryReadAll($"{folder}/{file}");
        foreach (Range line in text.Split((byte)'\n'))
        {
            string figure = Encoding.UTF8.GetString(text[line]);
            if (word is not null && !figure.StartsWith($"{word} ", StringComparison.Ordinal))
                continue;
            if (long.TryParse(word is null ? figure : figure.AsSpan(word.Length + 1), CultureInfo.InvariantCulture, out long number))
                return number;
        }

        return null;
    }

    /// <returns>0, or the error number.</returns>
    internal int TryWrite(string file, string text) => CgroupFile.TryWrite($"{folder}/{file}", text);

    /// <summary>Fails without harm as long as anybody is in it.</summary>
    internal void TryRemove()
    {
        if (Libc.RemoveDirectory(folder) == 0)
            return;

        // Still populated, or with others below. An empty cgroup that stays costs nothing, and is used again.
        foreach (Cgroup group in Below())
            group.TryRemove();
        _ = Libc.RemoveDirectory(folder);
    }

    private IEnumerable<Cgroup> Below() =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder).Select(below => new Cgroup(below)) : [];

    private bool IsPopulated()
    {
        Span<byte> events = stackalloc byte[256];
        int length = ProcFile.TryRead($"{folder}/cgroup.events", events);
        return length > 0 && events[..length].IndexOf("populated 1"u8) >= 0;
    }
}
