using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Unit.Checks;

public sealed class JUnitReportTests : IDisposable
{
    /// <summary>What CI systems have in common: which elements and attributes there are, in which order, and of which kind.</summary>
    private const string Schema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <xs:element name="testsuites">
            <xs:complexType><xs:sequence><xs:element ref="testsuite" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
          </xs:element>
          <xs:element name="testsuite">
            <xs:complexType>
              <xs:sequence><xs:element ref="testcase" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
              <xs:attribute name="name" type="xs:string" use="required"/>
              <xs:attribute name="tests" type="xs:int" use="required"/>
              <xs:attribute name="failures" type="xs:int"/>
              <xs:attribute name="errors" type="xs:int"/>
              <xs:attribute name="skipped" type="xs:int"/>
              <xs:attribute name="time" type="xs:decimal"/>
              <xs:attribute name="timestamp" type="xs:dateTime"/>
            </xs:complexType>
          </xs:element>
          <xs:element name="testcase">
            <xs:complexType>
              <xs:sequence>
                <xs:choice minOccurs="0"><xs:element ref="skipped"/><xs:element ref="error"/><xs:element ref="failure"/></xs:choice>
                <xs:element name="system-out" type="xs:string" minOccurs="0"/>
              </xs:sequence>
              <xs:attribute name="name" type="xs:string" use="required"/>
              <xs:attribute name="classname" type="xs:string" use="required"/>
              <xs:attribute name="time" type="xs:decimal"/>
            </xs:complexType>
          </xs:element>
          <xs:complexType name="words" mixed="true"><xs:attribute name="message" type="xs:string"/><xs:attribute name="type" type="xs:string"/></xs:complexType>
          <xs:element name="skipped" type="words"/>
          <xs:element name="error" type="words"/>
          <xs:element name="failure" type="words"/>
        </xs:schema>
        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Results_are_what_CI_systems_read()
    {
        var suite = Write(
            Event(Result("good") with { Output = "said\e[31m \ud800 something" }),
            Event(Result("bad") with
            {
                Outcome = ServiceTestOutcome.Failed,
                Message = "no <luck>",
                Differences = ["a: expected 1, got 2"]
            }),
            Event(Result("tolerated") with { Outcome = ServiceTestOutcome.Failed, Critical = false, Message = "so what" }),
            new ServiceTestEvent
            {
                Service = "web",
                Error = new ErrorReport { Code = ErrorCode.InvalidState, Message = "web is not running." }
            });

        Assert.Equal(("4", "1", "1", "1"),
            (Attribute(suite, "tests"), Attribute(suite, "failures"), Attribute(suite, "errors"), Attribute(suite, "skipped")));
        var cases = suite.Elements("testcase").ToArray();
        Assert.Equal("said\uFFFD[31m \uFFFD something", cases[0].Element("system-out")!.Value);
        Assert.Contains("a: expected 1, got 2", cases[1].Element("failure")!.Value, StringComparison.Ordinal);
        Assert.Equal("no <luck>", Attribute(cases[1].Element("failure")!, "message"));
        Assert.Contains("so what", Attribute(cases[2].Element("skipped")!, "message"), StringComparison.Ordinal);
        Assert.Equal("web is not running.", Attribute(cases[3].Element("error")!, "message"));
    }

    private XElement Write(params ServiceTestEvent[] events)
    {
        JUnitReport.Write(_file, events, DateTimeOffset.UnixEpoch);
        var document = XDocument.Load(_file);
        var schemas = new XmlSchemaSet();
        using var schema = XmlReader.Create(new StringReader(Schema));
        schemas.Add(null, schema);
        document.Validate(schemas, (_, fault) => Assert.Fail(fault.Message));
        Assert.NotEqual(0xEF, File.ReadAllBytes(_file)[0]);
        return Assert.Single(document.Root!.Elements());
    }

    private static string Attribute(XElement element, string name) => element.Attribute(name)!.Value;

    private static ServiceTestEvent Event(PyServiceTestResult result) => new() { Service = result.Service, Result = result };

    private static PyServiceTestResult Result(string name) => new()
    {
        Service = "web",
        Name = name,
        Kind = ServiceTestKind.Unit,
        Outcome = ServiceTestOutcome.Passed,
        Critical = true,
        Duration = TimeSpan.FromMilliseconds(12),
        Place = "tests.yaml:1:1",
    };
}
