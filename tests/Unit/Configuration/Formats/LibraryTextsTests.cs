using System.Reflection;
using System.Text;
using System.Text.Json;
using ServiceCtl.Engine.Checks;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Formats.Toml;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration.Formats;

/// <summary>
/// Texts of libraries that we tell faults by. When a new version words them otherwise, this says so, before users hear that something "is
/// not valid".
/// </summary>
public sealed class LibraryTextsTests
{
    [Theory]
    [InlineData(typeof(TomlFault), "Tomlyn.dll")]
    [InlineData(typeof(YamlFault), "YamlDotNet.dll")]
    [InlineData(typeof(JsonReader), "System.Text.Json.dll")]
    public void Every_text_that_a_fault_is_known_by_is_one_of_the_librarys(Type faults, string library)
    {
        var known = ((string Part, string Message, string Advice)[])faults.GetField("Known",
            BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        byte[] code = File.ReadAllBytes(PathOf(library));

        Assert.NotEmpty(known);
        // Tomlyn puts that one together; TomlReaderTests holds it.
        Assert.All(known.Where(fault => fault.Part != "Expected `]"),
            fault => Assert.True(Holds(code, fault.Part), $"{library} says nowhere `{fault.Part}`."));
    }

    [Theory]
    [InlineData("{\"a\": tru}", 1, 10)]
    [InlineData("[1,\n}", 2, 1)]
    public void What_the_JSON_parser_says_of_its_own_counting_is_taken_out(string text, int line, int column)
    {
        var problems = new ProblemList();

        Assert.Null(JsonValues.Read(new ConfigScalar(text, ScalarKind.Text, Origin.Default), "expected", problems));

        var raw = Assert.ThrowsAny<JsonException>(() => JsonValues.Parse(text)).Message;
        Assert.Contains(" LineNumber: ", raw, StringComparison.Ordinal);
        var message = Assert.Single(problems.Sorted()).Message;
        Assert.EndsWith($", at line {line}, byte {column} of it.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Path:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_given_twice_is_told_as_that()
    {
        var problems = new ProblemList();

        Assert.Null(JsonValues.Read(new ConfigScalar("{\"a\": 1, \"a\": 2}", ScalarKind.Text, Origin.Default), "expected", problems));

        Assert.Equal("`expected` is not JSON: an object has a key twice.", Assert.Single(problems.Sorted()).Message);
    }

    [Theory]
    [InlineData("{\"a\": 1.}")]
    [InlineData("{\"a\": -}")]
    [InlineData("{\"a\": 1e}")]
    public void A_number_without_its_digits_is_told_as_that(string text)
    {
        var fault = Assert.Throws<MalformedSourceException>(
            () => JsonReader.ReadRoot(new SourceText(Origin.Default, text), new ProblemList(), CancellationToken.None));

        Assert.Equal("A number is written wrongly.", fault.Message);
    }

    /// <summary>libgit2 has an error code of its own for a checkout of somebody else's, which LibGit2Sharp does not pass on.</summary>
    [Fact]
    public void Libgit2_says_whose_a_checkout_is()
    {
        string native = Assert.Single(
            Directory.EnumerateFiles(AppContext.BaseDirectory, "libgit2-*.so", SearchOption.AllDirectories),
            file => file.Contains("linux-x64", StringComparison.Ordinal));

        Assert.True(Holds(File.ReadAllBytes(native), "is not owned by current user"));
    }

    /// <summary>Among literals, resources, or the texts of native code.</summary>
    private static bool Holds(byte[] code, string text) =>
        code.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0 || code.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static string PathOf(string library) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':').Single(path => Path.GetFileName(path) == library);
}
