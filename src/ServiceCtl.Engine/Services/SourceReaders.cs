using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Services;

internal static class SourceReaders
{
    /// <returns>Null for whoever runs this.</returns>
    public static SourceReader? Of(FileActor? actor) =>
        actor is null ? null : new SourceReader(actor.User, (path, open) => UserFiles.Use(actor, path, open));
}
