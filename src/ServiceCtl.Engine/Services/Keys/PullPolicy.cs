namespace ServiceCtl.Engine.Services.Keys;

/// <summary>When an image is pulled from its registry.</summary>
public enum PullPolicy
{
    Missing,
    Always,
    Never,
}
