namespace ServiceCtl.Engine.Services.Failures;

/// <summary>What the name of an exception's type tells.</summary>
internal static class ExceptionType
{
    /// <summary>In which module a type is; null for a built-in one.</summary>
    public static string? ModuleOf(string? type) => type?.LastIndexOf('.') is > 0 and var dot ? type[..dot] : null;
}
