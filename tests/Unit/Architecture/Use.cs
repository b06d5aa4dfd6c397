namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>A line of one file that uses a type which another file declares; paths are relative to <c>src</c>.</summary>
internal sealed record Use(string From, int Line, string Type, string To)
{
    public string FromFolder => Path.GetDirectoryName(From)!;

    public string ToFolder => Path.GetDirectoryName(To)!;

    public override string ToString() => $"{From}:{Line} uses {Type} of {ToFolder}";
}
