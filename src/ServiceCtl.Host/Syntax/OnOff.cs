namespace ServiceCtl.Host.Syntax;

/// <summary>The words on and off. Not a bool: of that the parser takes the value only if it is written true or false.</summary>
internal readonly record struct OnOff(bool IsOn);
