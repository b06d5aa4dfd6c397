namespace ServiceCtl.Engine.Alerts;

/// <summary>What a destination has heard of a service last.</summary>
internal enum ServiceCondition
{
    Up,
    Down,
    GivenUp,
}
