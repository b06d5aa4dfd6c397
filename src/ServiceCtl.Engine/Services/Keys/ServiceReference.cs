namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What the reference page says before its tables.</summary>
internal static class ServiceReference
{
    public const string Title = "The keys of a service's configuration";

    public const string Introduction =
        """
        <!-- Made from the schema: servicectl config reference > docs/configuration.md. A test fails when it is stale. -->

        This page lists every key that ServiceCtl knows in a service's `config.yaml` (or `.toml`, `.json`, `.ini`; or the files of `config/` and `etc/`): what it holds, in which unit a bare
        number counts, what holds when it is not written, and what has to happen to a running service for a changed value to count.

        - The same keys as JSON Schema, for editors: [config.schema.json](config.schema.json), or `servicectl config schema`.
        - To begin a file: `servicectl config template`, `New-PyServiceConfig`.
        - To check one: `servicectl config check`, `Test-PyServiceConfig`.
        - To see which value counts and where it comes from: `servicectl config --show-source`, `Get-PyServiceConfig -ShowSource`.

        Dots lead into sections: `service.ready.timeout` is `service: {ready: {timeout: 30s}}` in YAML, and `SERVICECTL__SERVICE__READY__TIMEOUT=30s`
        in the `.env` file beside it. A relative path starts at the folder of the file that holds it, and at the service's folder where several files are composed. A key that is written without a value has its default.

        ## A service's own keys

        A file `config.schema.yaml`, `config.schema.yml` or `config.schema.json` beside the configuration describes the keys that the service itself reads.
        They are checked, shown, masked and put into templates like ServiceCtl's. The short form maps dotted keys to a type, or to more about them:

        ```yaml
        keys:
          db.host: {type: text, required: true, description: Where the database is.}
          db.port: {type: integer, minimum: 1, maximum: 65535, default: 5432}
          db.password: {type: text, secret: true}
          db.timeout: duration
          log_level: {values: [debug, info, warning], default: info}
          hosts: list of address
          old_name: {type: text, deprecated: Write `db.host`.}
        sections:
          db: The database.
          extra: {open: true}          # keys that are not described are no faults here
        ```

        | field | says |
        |---|---|
        | `type` | `text`, `integer`, `number`, `boolean`, `duration`, `size`, `percentage`, `rate`, `path`, `path or URL`, `address`, `regex`, `glob`, `signal`, `map of text`, `anything`, or `list of` one of them |
        | `values` | the only words it takes, instead of a type |
        | `minimum`, `maximum` | of an `integer` or `number`, both included |
        | `pattern` | a regular expression that `text` must match |
        | `default`, `example` | a value; it has to be right itself |
        | `required`, `secret` | `true` or `false` |
        | `deprecated` | what to write instead |
        | `description`, `unit` | for people |
        | `effect` | `none`, `hot` or `restart`: what a change of it needs |

        A JSON Schema can stand there instead. What describes one value by itself is understood: `type`, `enum`, `const`, `pattern`, `format` (`date`,
        `date-time`, `email`, `hostname`, `ipv4`, `ipv6`, `regex`, `uri`), `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `minLength`,
        `maxLength`, `minItems`, `maxItems`, `items`, `properties`, `required`, `additionalProperties`; combinations: `allOf`, `anyOf`, `oneOf`, `not`; `$ref`
        to a part of the same file (`#/$defs/port`); and what is said about it: `title`, `description`, `default`, `examples`, `deprecated`, `writeOnly` (a
        secret), `x-unit`, `x-effect`. Every other keyword (`if`, `patternProperties`, ...), a `$ref` to another file and one that leads back to itself are a warning:
        they are not checked. Types are taken strictly in files; variables and options have none, so there `8080` is a text as well as a number.
        """;
}
