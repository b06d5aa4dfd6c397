namespace ServiceCtl.Tests.Unit.Architecture;

/// <summary>Planted declarations: what the house doesn't want is seen, and what it wants is not.</summary>
public sealed class DeclarationsTests
{
    [Fact]
    public void Long_constructors_are_seen_and_records_are_exempt()
    {
        var seen = Declarations.LongConstructors(CompilationOf("""
            class Primary(int a, int b, int c, int d, int e, int f);
            class Plain { public Plain(int a, int b, int c, int d, int e, int f) { } }
            class Short(int a, int b, int c, int d, int e);
            record Data(int A, int B, int C, int D, int E, int F);
            """), most: 5);

        Assert.Equal(["Planted.cs:1: Primary takes 6 arguments", "Planted.cs:2: Plain takes 6 arguments"], seen.Order());
    }

    [Fact]
    public void What_only_itself_uses_is_seen()
    {
        var unused = Declarations.Unused(CompilationOf("""
            public static class Used { public static int One() => Two; public const int Two = 2; public static int Alone(int n) => Alone(n - 1); }
            public static class Forgotten { internal static int Never => 1; }
            public sealed class Held : System.IDisposable { public void Dispose() => _ = Used.One(); public override string ToString() => nameof(Held); }
            public sealed class Keeper { private readonly Held _held = new(); public Held Give() => _held; private static readonly Keeper Own = new(); static Keeper() => Own.Give(); }
            static class Program { static void Main() => System.Activator.CreateInstance(typeof(Keeper)); }
            """));

        Assert.Equal(["Planted.cs:1: Used.Alone(int)", "Planted.cs:2: Forgotten", "Planted.cs:2: Forgotten.Never"],
            unused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_promise_that_is_kept_later_is_seen()
    {
        var seen = Declarations.FilledLater(CompilationOf("""
            class One { public string Name { get; set; } = null!; private string _other = default!; [System.Obsolete] public string Given { get; set; } = null!; }
            """));

        Assert.Equal(2, seen.Count);
    }

    private static Microsoft.CodeAnalysis.CSharp.CSharpCompilation CompilationOf(string text) =>
        new SourceUses([("Planted.cs", text)]).Compilation;
}
