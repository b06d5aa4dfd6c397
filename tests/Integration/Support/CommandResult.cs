namespace ServiceCtl.Tests.Integration.Support;

/// <summary>What a program that was run to its end said.</summary>
public sealed record CommandResult(int Code, string Output, string Error)
{
    public override string ToString() => $"exit code {Code}\n{Output}\n{Error}";
}
