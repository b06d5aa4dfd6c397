namespace ServiceCtl.Engine.Processes;

/// <summary>A file, whatever its name is: unique as long as somebody holds it open or it has a name.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode);
