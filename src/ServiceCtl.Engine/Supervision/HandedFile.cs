using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>The file with the composed configuration, in the folder of a launch.</summary>
internal static class HandedFile
{
    private const int Longest = 16 * 1024 * 1024;

    /// <summary>
    /// Writes it. An instance that takes the place of another in a generation that another agent has launched gets what that had.
    /// </summary>
    /// <returns>The file; null where there is none.</returns>
    public static string? Write(Generation generation, int index, string runFolder)
    {
        var definition = generation.Definition;
        var content = definition.Handed?.For(definition, generation.Number, index)
            ?? generation.Instances.Select(instance => TryRead(instance.RunFolder, definition.Actor)).OfType<byte[]>().FirstOrDefault();
        if (content is null)
            return null;
        var file = HandedConfiguration.FileIn(runFolder);
        AtomicFile.Write(file, content, isDurable: false);
        return file;
    }

    /// <summary>What a launch was handed; null where it was nothing, or it can't be read.</summary>
    /// <param name="folder">The launch's.</param>
    /// <param name="actor">Whose it is.</param>
    public static byte[]? TryRead(string folder, FileActor? actor)
    {
        try
        {
            return UserFiles.ReadAll(actor, HandedConfiguration.FileIn(folder), Longest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ServiceCtlException)
        {
            return null;
        }
    }
}
