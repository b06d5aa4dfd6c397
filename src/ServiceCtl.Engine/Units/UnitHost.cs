namespace ServiceCtl.Engine.Units;

/// <summary>What a unit has to know of this installation.</summary>
/// <param name="Program">Absolute path of <c>servicectl</c>.</param>
/// <param name="Home">SERVICECTL_HOME, where it was chosen.</param>
/// <param name="DotnetRoot">Where .NET is, when that is none of the places where it is looked for.</param>
internal sealed record UnitHost(string Program, string? Home = null, string? DotnetRoot = null)
{
    private static readonly string[] UsualRoots = ["/usr/share/dotnet", "/usr/lib/dotnet"];

    public static UnitHost Of(string program, string? home, Func<string, string?> variable) =>
        new(program, home, variable("DOTNET_ROOT") is { Length: > 0 } root && !UsualRoots.Contains(root) ? root : null);

    public IEnumerable<KeyValuePair<string, string>> Environment
    {
        get
        {
            if (DotnetRoot is not null)
                yield return new("DOTNET_ROOT", DotnetRoot);
            if (Home is not null)
                yield return new("SERVICECTL_HOME", Home);
        }
    }
}
