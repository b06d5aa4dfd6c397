using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Containers;

/// <summary>Why a keeper failed, as the last line that it prints: for whoever has launched it.</summary>
/// <param name="Code">What kind of failure.</param>
/// <param name="Message">What happened.</param>
/// <param name="Advice">The remedy.</param>
public sealed record ContainerFailure(ErrorCode Code, string Message, string Advice)
{
    private const string Sign = "servicectl:";
    private const char Separator = '\t';

    public static ContainerFailure Of(ServiceCtlException error) => new(error.Report.Code, error.Report.Message, error.Report.Advice ?? "");

    /// <returns>Null where the last line is none.</returns>
    public static ContainerFailure? Read(IReadOnlyList<string> lines) =>
        lines is [.., var last] && last.Split(Separator) is [Sign, var code, var message, var advice]
            && Enum.TryParse<ErrorCode>(code, out var known)
            ? new(known, message, advice) : null;

    /// <summary>The same as an error about a service, with everything printed before.</summary>
    public ErrorReport Report(string service, IReadOnlyList<string> lines) => new()
    {
        Code = Code,
        Target = service,
        Message = Message,
        Advice = Advice,
        LogLines = [.. lines.SkipLast(1)],
    };

    public override string ToString() => string.Join(Separator, Sign, Code, OneLine(Message), OneLine(Advice));

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace(Separator, ' ');
}
