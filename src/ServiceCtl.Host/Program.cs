using ServiceCtl.Host.Output;

namespace ServiceCtl.Host;

internal static class Program
{
    public static Task<int> Main(string[] arguments) =>
        ThreadShortage.IsBearable() ? CommandLine.RunAsync(arguments) : Task.FromResult(ExitCodes.Failed);
}
