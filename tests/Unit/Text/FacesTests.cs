using System.Collections;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Text;

/// <summary>Nothing reaches a person past <see cref="VisibleText"/>: neither from the command nor from a view.</summary>
public sealed partial class FacesTests
{
    /// <summary>Who may write to the terminal by itself, and why.</summary>
    private static readonly string[] Writers =
    [
        "Output/ConsoleOutput.cs", // the way out
        "Commands/CredentialPrompt.cs", "Commands/Confirmation.cs", "Commands/ProjectQuestions.cs", // a prompt stays on its line
        "Commands/RelogCommand.cs", // a line that is written over
        "Commands/OperationCommand.cs", "Commands/TestPage.cs", // painted lines
        "Commands/TopCommand.cs", "Output/Terminal.cs", // pages, made visible where they are made
        "Help/", "Completion/", // our own words
    ];

    [Fact]
    public void The_command_writes_text_one_way()
    {
        var host = Path.Combine(Repository.Root, "src", "ServiceCtl.Host");
        Assert.Empty(
            from file in Directory.GetFiles(host, "*.cs", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(host, file)
            where !name.StartsWith("obj/", StringComparison.Ordinal) && !name.StartsWith("bin/", StringComparison.Ordinal)
                && !Array.Exists(Writers, name.StartsWith)
            from line in File.ReadLines(file)
            where ConsoleWrite().IsMatch(line)
            select $"{name}: {line.Trim()}");
    }

    [Fact]
    public void Views_show_text_one_way()
    {
        var views = XDocument.Load(Path.Combine(Repository.Root, "module", "ServiceCtl.Format.ps1xml"));
        Assert.Empty(
            from view in views.Descendants("View")
            let type = typeof(PyService).Assembly.GetType(view.Descendants("TypeName").First().Value.Split('#')[0], throwOnError: true)!
            from property in view.Descendants("PropertyName")
            where MayHoldText(
                type.GetProperty(property.Value)?.PropertyType
                    ?? throw new InvalidOperationException($"{type.Name} has no {property.Value}"))
            select $"{type.Name}.{property.Value}");
        Assert.DoesNotContain(views.Descendants("ScriptBlock"),
            script => script.Value.TrimStart().StartsWith("$_.", StringComparison.Ordinal)
                && !script.Value.Contains("Count", StringComparison.Ordinal));
    }

    private static bool MayHoldText(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return !type.IsPrimitive && !type.IsEnum && type != typeof(DateTimeOffset) && type != typeof(TimeSpan)
            && (type == typeof(string) || type.IsClass || typeof(IEnumerable).IsAssignableFrom(type));
    }

    [GeneratedRegex(@"Console\.(Out|Error)\.Write|Console\.Write")]
    private static partial Regex ConsoleWrite();
}
