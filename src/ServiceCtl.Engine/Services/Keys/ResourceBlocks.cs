using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Own;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Ready-made descriptions of the keys that services have for common resources, in the short form of a schema.</summary>
internal static class ResourceBlocks
{
    private const string Postgres =
        """
        sections:
          postgres: The PostgreSQL database.
          postgres.pool: Connections that are kept.
        keys:
          postgres.url: {type: text, secret: true, example: postgresql://app@localhost/app, description: Everything in one URL; it counts instead of the other keys.}
          postgres.host: {type: text, default: localhost, description: Host name or folder of the Unix socket.}
          postgres.port: {type: integer, minimum: 1, maximum: 65535, default: 5432, description: The port.}
          postgres.database: {type: text, example: app, description: The database.}
          postgres.user: {type: text, example: app, description: The role that connects.}
          postgres.password: {type: text, secret: true, example: change-me, description: Its password.}
          postgres.sslmode: {values: [disable, allow, prefer, require, verify-ca, verify-full], default: prefer, description: How far TLS is insisted on.}
          postgres.connect_timeout: {type: duration, default: 10s, description: How long a connection may take.}
          postgres.statement_timeout: {type: duration, default: 0s, description: How long a statement may take; 0 is without limit.}
          postgres.pool.min: {type: integer, minimum: 0, maximum: 10000, default: 1, description: At least so many.}
          postgres.pool.max: {type: integer, minimum: 1, maximum: 10000, default: 10, description: At most so many.}
        """;

    private const string Redis =
        """
        sections:
          redis: The Redis server.
        keys:
          redis.url: {type: text, secret: true, example: redis://localhost:6379/0, description: Everything in one URL; it counts instead of the other keys.}
          redis.host: {type: text, default: localhost, description: Host name.}
          redis.port: {type: integer, minimum: 1, maximum: 65535, default: 6379, description: The port.}
          redis.db: {type: integer, minimum: 0, maximum: 1000000, default: 0, description: The number of the database.}
          redis.user: {type: text, example: app, description: The user of Redis 6 and later.}
          redis.password: {type: text, secret: true, example: change-me, description: Its password.}
          redis.tls: {type: boolean, default: false, description: Whether the connection is encrypted.}
          redis.timeout: {type: duration, default: 5s, description: How long a command may take.}
          redis.max_connections: {type: integer, minimum: 1, maximum: 100000, default: 50, description: Connections that are kept at most.}
        """;

    private const string Amqp =
        """
        sections:
          amqp: The message broker (RabbitMQ).
        keys:
          amqp.url: {type: text, secret: true, example: amqp://guest@localhost/, description: Everything in one URL; it counts instead of the other keys.}
          amqp.host: {type: text, default: localhost, description: Host name.}
          amqp.port: {type: integer, minimum: 1, maximum: 65535, default: 5672, description: The port; 5671 is usual with TLS.}
          amqp.vhost: {type: text, default: /, description: The virtual host.}
          amqp.user: {type: text, default: guest, description: The user.}
          amqp.password: {type: text, secret: true, example: change-me, description: Its password.}
          amqp.tls: {type: boolean, default: false, description: Whether the connection is encrypted.}
          amqp.heartbeat: {type: duration, default: 60s, description: How often each side shows that it lives.}
          amqp.prefetch: {type: integer, minimum: 0, maximum: 65535, default: 10, description: Messages that a consumer gets ahead; 0 is without limit.}
          amqp.reconnect_delay: {type: duration, default: 5s, description: How long to wait before the next try.}
        """;

    private const string Sentry =
        """
        sections:
          sentry: Where exceptions are reported.
        keys:
          sentry.dsn: {type: text, secret: true, example: https://key@sentry.example.org/1, description: The project's address; nothing is reported without it.}
          sentry.environment: {type: text, default: production, description: The stage that reports carry.}
          sentry.release: {type: text, example: app@1.2.0, description: The release that reports carry.}
          sentry.sample_rate: {type: number, minimum: 0, maximum: 1, default: 1.0, description: The part of the exceptions that is reported.}
          sentry.traces_sample_rate: {type: number, minimum: 0, maximum: 1, default: 0.0, description: The part of the requests that is traced.}
          sentry.send_default_pii: {type: boolean, default: false, description: Whether reports may hold personal data.}
        """;

    /// <summary>Names that <c>service.use</c> takes, with their descriptions.</summary>
    private static readonly OrderedDictionary<string, string> Texts = new()
    {
        ["postgres"] = Postgres,
        ["redis"] = Redis,
        ["amqp"] = Amqp,
        ["sentry"] = Sentry
    };

    public static IReadOnlyList<string> Names => [.. Texts.Keys];

    /// <summary>
    /// A schema with the keys of what a configuration uses. Of names that are not known nothing is heard: whoever reads the key reports
    /// them.
    /// </summary>
    public static ConfigurationSchema With(ConfigurationSchema known, ConfigMapping root)
    {
        var names = root.Find(SourceKeys.Use.Path) switch
        {
            ConfigSequence several => several.Items.OfType<ConfigScalar>(),
            ConfigScalar { IsNull: false } one => [one],
            _ => [],
        };
        foreach (var name in names.Select(name => name.Text).Distinct(StringComparer.Ordinal).Where(Texts.ContainsKey))
            known = Read(name, known, new ProblemList()).With(known);
        return known;
    }

    internal static OwnSchema Read(string name, ConfigurationSchema known, ProblemList problems) =>
        OwnSchema.Read(YamlReader.ReadRoot(new SourceText(new Origin(name), Texts[name]), problems, CancellationToken.None), known,
            problems, problems);
}
