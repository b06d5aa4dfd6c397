namespace ServiceCtl.Engine.Services.Watching;

/// <summary>A service whose configuration is followed.</summary>
/// <param name="Name">The name it goes by.</param>
/// <param name="ConfigPath">Absolute.</param>
/// <param name="Request">Tells, for each reading, what is to be read beside what the folder says.</param>
internal sealed record FollowedService(string Name, string ConfigPath, Func<SourceRequest> Request);
