using System.Runtime.CompilerServices;

namespace ServiceCtl.Client;

/// <summary>Works on streams that may have one null: what comes before it was there, what comes after it is new.</summary>
internal static class Marked
{
    /// <summary>Of what was there, the last <paramref name="count"/> items; and what is new.</summary>
    public static async IAsyncEnumerable<T?> LastAsync<T>(
        IAsyncEnumerable<T?> items, int count, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        var last = new Queue<T>();
        var isNew = false;
        await foreach (var item in items.WithCancellation(cancellation))
        {
            if (item is null)
            {
                isNew = true;
                while (last.TryDequeue(out var kept))
                    yield return kept;
            }

            if (isNew)
                yield return item;
            else
                last.Enqueue(item!);
            if (last.Count > count)
                last.Dequeue();
        }

        while (last.TryDequeue(out var kept))
            yield return kept;
    }
}
