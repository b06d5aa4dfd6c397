using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services;

/// <summary>What a service may be called. Names become file names and URL parts, so they hold nothing that needs escaping there.</summary>
public static class ServiceName
{
    public const int MaxLength = ServiceNamePattern.MaxLength;

    internal static readonly string Rule = $"Use 1 to {MaxLength} letters, digits, '.', '_' or '-', beginning with a letter or digit.";

    public static bool IsValid(string name) => ServiceNamePattern.Whole.IsMatch(name);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static string Require(string name) => IsValid(name) ? name : throw new ServiceCtlException(
        ErrorCode.InvalidArgument, name, $"'{name}' can't be a service's name.", Rule);
}
