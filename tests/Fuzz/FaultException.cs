namespace ServiceCtl.Tests.Fuzz;

/// <summary>What must not have happened.</summary>
internal sealed class FaultException(string message) : Exception(message);
