using System.Globalization;
using System.Text;
using System.Xml;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Client;

/// <summary>
/// Test results as JUnit XML, a suite per service, as CI systems read it. What fails there is what fails the run: a failure that is not
/// critical is a skipped test with its reason, and what kept tests from being run is a test case with an error.
/// </summary>
/// <remarks>https://github.com/jenkinsci/xunit-plugin, junit-10.xsd.</remarks>
internal static class JUnitReport
{
    public static void Write(string path, IReadOnlyList<ServiceTestEvent> events, DateTimeOffset startedAt)
    {
        using var content = new MemoryStream();
        using (var writer = XmlWriter.Create(content,
            new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
        {
            writer.WriteStartElement("testsuites");
            foreach (var suite in events.Where(happened => happened.Result is not null || happened.Error is not null)
                .GroupBy(happened => happened.Service))
                WriteSuite(writer, suite.Key, [.. suite], startedAt);
            writer.WriteEndElement();
        }

        if (LocalHost.HasServices)
            NamedFile.Replace(Path.GetFullPath(path), content.ToArray(), FileModes.Readable);
        else
            File.WriteAllBytes(path, content.ToArray());
    }

    private static void WriteSuite(XmlWriter writer, string service, IReadOnlyList<ServiceTestEvent> events, DateTimeOffset startedAt)
    {
        PyServiceTestResult[] results = [.. events.Select(happened => happened.Result).OfType<PyServiceTestResult>()];
        ErrorReport[] errors = [.. events.Select(happened => happened.Error).OfType<ErrorReport>()];
        writer.WriteStartElement("testsuite");
        writer.WriteAttributeString("name", Clean(service));
        writer.WriteAttributeString("tests", Text(results.Length + errors.Length));
        writer.WriteAttributeString("failures", Text(results.Count(IsFailure)));
        writer.WriteAttributeString("errors", Text(errors.Length));
        writer.WriteAttributeString("skipped",
            Text(results.Count(result => result.Outcome == ServiceTestOutcome.Failed && !result.Critical)));
        writer.WriteAttributeString("time", Text(results.Aggregate(TimeSpan.Zero, (sum, result) => sum + result.Duration)));
        writer.WriteAttributeString("timestamp", startedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        foreach (var result in results)
            WriteCase(writer, result);
        foreach (var error in errors)
            WriteError(writer, service, error);
        writer.WriteEndElement();
    }

    private static void WriteCase(XmlWriter writer, PyServiceTestResult result)
    {
        writer.WriteStartElement("testcase");
        writer.WriteAttributeString("name", Clean(result.Name));
        writer.WriteAttributeString("classname", Clean($"{result.Service}.{result.Kind.ToString().ToLowerInvariant()}"));
        writer.WriteAttributeString("time", Text(result.Duration));
        if (IsFailure(result))
            WriteText(writer, "failure", result.Message, $"{result.Place}\n{string.Join('\n', result.Differences)}", "expected");
        else if (result.Outcome == ServiceTestOutcome.Failed)
            WriteText(writer, "skipped",
                $"Failed, and is not critical: {result.Message} {string.Join("; ", result.Differences)}".TrimEnd());
        if (result.Output is { } output)
            writer.WriteElementString("system-out", Clean(output));
        writer.WriteEndElement();
    }

    private static void WriteError(XmlWriter writer, string service, ErrorReport error)
    {
        writer.WriteStartElement("testcase");
        writer.WriteAttributeString("name", Clean(error.Code.ToString()));
        writer.WriteAttributeString("classname", Clean(service));
        writer.WriteAttributeString("time", "0");
        WriteText(writer, "error", error.Message,
            string.Join('\n', [.. error.Problems.Select(problem => problem.ToString()), error.Advice]), error.Code.ToString());
        writer.WriteEndElement();
    }

    private static void WriteText(XmlWriter writer, string element, string? message, string text = "", string? type = null)
    {
        writer.WriteStartElement(element);
        writer.WriteAttributeString("message", Clean(message ?? ""));
        if (type is not null)
            writer.WriteAttributeString("type", type);
        writer.WriteString(Clean(text));
        writer.WriteEndElement();
    }

    private static bool IsFailure(PyServiceTestResult result) => result is { Outcome: ServiceTestOutcome.Failed, Critical: true };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>XML has no way to write most control characters and lone surrogates, and output may hold them.</summary>
    private static string Clean(string text)
    {
        var characters = text.ToCharArray();
        for (var index = 0; index < characters.Length; index++)
        {
            if (index + 1 < characters.Length && XmlConvert.IsXmlSurrogatePair(characters[index + 1], characters[index]))
                index++;
            else if (!XmlConvert.IsXmlChar(characters[index]))
                characters[index] = '\uFFFD';
        }

        return new string(characters);
    }
}
