namespace ServiceCtl.Tests.Fuzz;

/// <summary>
/// Something that reads what others write. It has to come to an end with any input, in words, without taking the process with it.
/// </summary>
internal interface IFuzzTarget : IAsyncDisposable
{
    /// <summary>Words and signs that mean something there, put into inputs.</summary>
    IReadOnlyList<string> Dictionary { get; }

    /// <summary>More inputs to begin with, beside the corpus.</summary>
    IEnumerable<byte[]> Seeds => [];

    /// <summary>Reads one input. Whatever it throws is a fault.</summary>
    /// <returns>What became of it, in few words: an input with an outcome of its own is kept, and changed further.</returns>
    Task<string> RunAsync(byte[] input);
}
