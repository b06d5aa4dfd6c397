namespace ServiceCtl.Engine.Checks;

/// <summary>Who asks for a token.</summary>
internal sealed record Login(string User, string Password)
{
    public override string ToString() => User;
}
