using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class ConfigurationChangesTests
{
    private static readonly ConfigurationSchema Schema = new(
        [new SchemaSection("service", "The service.", IsClosed: true)],
        [
            new SchemaKey<int>("local_port", ConfigTypes.Integer(1, 65535), "The port."),
            new SchemaKey<int>("service.keep", ConfigTypes.Integer(0, 10), "Files.") { Effect = ConfigChangeEffect.None },
        ]);

    [Theory]
    [InlineData("local_port: 1", "local_port: 2", "local_port (Restart)")]
    [InlineData("local_port: 1", "{}", "local_port (Restart)")]
    [InlineData("{}", "local_port: 1", "local_port (Restart)")]
    [InlineData("service: {keep: 1}", "service: {keep: 2}", "service.keep (None)")]
    [InlineData("MY_KEY: {a: 1, b: 1}", "MY_KEY: {a: 2, b: 1}", "MY_KEY.a (Hot)")]
    [InlineData("b: [1, 2]\na: 1", "a: 1 # a comment\n\nb:\n- 1\n- 2", "")]
    [InlineData("a: '1'", "a: 1", "a (Hot)")]
    [InlineData("a: {b: 1}", "a: 1", "a (Hot), a.b (Hot)")]
    public void Keys_that_changed_are_told_with_what_they_ask_for(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join(", ", ConfigurationChanges.Between(TextSource.Read(before), TextSource.Read(after), Schema)));
}
