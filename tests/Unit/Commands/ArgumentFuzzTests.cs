using System.CommandLine;
using System.Reflection;
using ServiceCtl.Host;
using ServiceCtl.Host.Completion;
using ServiceCtl.Host.Help;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Tests.Unit.Commands;

/// <summary>
/// Whatever is typed is understood or refused in words. The same vectors, as the real command: ArgumentTests of the integration suite.
/// </summary>
public sealed class ArgumentFuzzTests
{
    private const int Seed = 16;
    private const int Vectors = 10_000;

    private static readonly MethodInfo OptionValue = GetValueOf("Option`1");
    private static readonly MethodInfo ArgumentValue = GetValueOf("Argument`1");

    [Fact]
    public void Any_command_line_is_understood_or_refused_and_never_throws()
    {
        var vectors = new ArgumentVectors(Seed);
        var (understood, refused) = (0, 0);
        for (var number = 0; number < Vectors; number++)
        {
            var arguments = vectors.Next();
            try
            {
                var parsed = CommandLine.Parse(arguments);
                if (parsed.Action is HelpAction)
                    continue;
                var complaints = UsageErrors.Of(parsed, arguments);
                Assert.All(complaints, complaint => Assert.DoesNotMatch("System\\.|ServiceCtl\\.[A-Z]|Exception|`1", complaint.Message));
                if (complaints.Count > 0)
                {
                    refused++;
                    continue;
                }

                understood++;
                Assert.NotNull(parsed.Action);
                // What an action would do first: ask for the value of everything it has.
                foreach (var option in UsageErrors.OptionsOf(parsed.CommandResult.Command))
                    Read(parsed, option);
                foreach (var argument in parsed.CommandResult.Command.Arguments)
                    Read(parsed, argument);
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"servicectl {string.Join(' ', arguments)}: {error}");
            }
        }

        // The vectors are worth something: neither kind is rare.
        Assert.InRange(understood, Vectors / 20, Vectors);
        Assert.InRange(refused, Vectors / 20, Vectors);
    }

    [Fact]
    public void Any_words_can_be_completed_and_explained()
    {
        var vectors = new ArgumentVectors(Seed + 1);
        for (var number = 0; number < 300; number++)
        {
            var arguments = vectors.Next();
            // Names of services would be asked of this user's agent.
            if (!arguments.Any(word => word.StartsWith('-')))
                continue;
            Completer.Complete(CommandLine.CreateRoot(), [.. arguments.TakeWhile(word => word != "--"), "-"]);
        }

        var text = new StringWriter();
        HelpText.Write(CommandLine.CreateRoot(), text);
        Assert.All(CommandLine.Verbs, verb => Assert.Contains($"  {verb.Word}", text.ToString(), StringComparison.Ordinal));
    }

    private static object? Read(ParseResult parsed, Option option) => Value(parsed, option, option.ValueType);

    private static object? Read(ParseResult parsed, Argument argument) => Value(parsed, argument, argument.ValueType);

    private static MethodInfo GetValueOf(string symbol) =>
        typeof(ParseResult).GetMethods()
            .Single(method => method.Name == nameof(ParseResult.GetValue) && method.GetParameters()[0].ParameterType.Name == symbol);

    private static object? Value(ParseResult parsed, Symbol symbol, Type type)
    {
        var method = symbol is Option ? OptionValue : ArgumentValue;
        try
        {
            return method.MakeGenericMethod(type).Invoke(parsed, [symbol]);
        }
        catch (TargetInvocationException error)
        {
            throw error.InnerException!;
        }
    }
}
