using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>What people write by mistake, and what they are told: the place, the fault and the remedy.</summary>
public sealed class MalformedConfigTests
{
    /// <summary>Name, text, line, column, and words that the message with its advice must hold (separated by |).</summary>
    public static TheoryData<string, string, int, int, string> Configs => new()
    {
        // The file as a whole
        { "an empty file", "", 1, 1, "empty|key: value" },
        { "blank lines only", "\n  \n\n", 1, 1, "empty" },
        { "a list at the root", "- a\n- b\n", 1, 1, "a list where a mapping is expected" },
        { "a text at the root", "just words\n", 1, 1, "text where a mapping is expected" },
        { "a second document", "a: 1\n---\nb: 2\n", 2, 1, "second document|one document per file" },
        { "a NUL byte", "a: 1\nb: x\0y\n", 2, 5, "U+0000|UTF-8" },
        { "an escape character", "a: \u001b[31mred\n", 1, 4, "U+001B" },

        // Syntax
        { "a tab as indentation", "uwsgi:\n\tmaster: true\n", 2, 1, "tab|spaces" },
        { "a tab among spaces", "service:\n  ready:\n  \thttp: /ping\n", 3, 3, "tab|spaces" },
        { "a bracket never closed, then keys", "a: [1\nb: 2\n", 2, 1, "config.yaml:1:4|`]`" },
        { "a bracket never closed, to the end", "TAGS: [a, b\n", 2, 1, "config.yaml:1:7|`]`" },
        { "a brace never closed", "service: {runner: uwsgi\nlocal_port: 8001\n", 2, 1, "`}`" },
        { "a double quote never closed", "SERVICE_NAME: \"api\nlocal_port: 8001\n", 1, 15, "quote" },
        { "a single quote never closed", "SERVICE_NAME: 'api\n", 1, 15, "quote" },
        { "no space after the colon", "local_ip: 127.0.0.1\nlocal_port:8001\nTAGS: []\n", 2, 11, "space|after the colon|`key: value`" },
        { "a colon in a plain value", "SERVICE_NAME: api: main\n", 1, 18, "quotes" },
        { "a key indented too far", "local_ip: 127.0.0.1\n  local_port: 8001\n", 2, 13, "quotes|indentation" },
        { "a key indented too little", "service:\n    ready:\n        http: /ping\n      log: x\n", 4, 7, "fit into the mapping" },
        { "an item indented too little", "TAGS:\n    - a\n  - b\n", 3, 3, "fit|Indent" },
        { "an item on the key's line", "TAGS: - a\n", 1, 7, "list item|line of its own" },
        { "a value that begins with %", "uwsgi:\n  logto: %d.log\n", 2, 10, "can't begin|quotes" },
        { "a value that begins with @", "SERVICE_NAME: @api\n", 1, 15, "can't begin|quotes" },
        { "a value that begins with a backquote", "SERVICE_NAME: `hostname`\n", 1, 15, "can't begin|quotes" },
        { "an unknown escape", "RELOG_FILES: \"uwsgi\\.log\"\n", 1, 20, "escape|single quotes" },
        { "a star as a value", "TAGS: *\n", 1, 7, "alias" },
        { "an unquoted template", "greeting: {{ name }}\n", 1, 12, "A key must be text|in quotes" },

        // Meaning
        { "a key twice", "local_port: 8001\nlocal_ip: x\nlocal_port: 8002\n", 3, 1, "`local_port` is written twice|config.yaml:1:1" },
        { "a nested key twice", "uwsgi:\n  master: true\n  master: false\n", 3, 3, "`master` is written twice|config.yaml:2:3" },
        { "a key missing", ": 8001\n", 1, 1, "key is missing" },
        { "an alias of nothing", "root: &root /srv\nTMP_DIR: *rot\n", 2, 10, "`*rot`|Did you mean `*root`?" },
        { "an alias of itself", "a: &a [1, *a]\n", 1, 11, "never end|config.yaml:1:4" },
        { "an anchor twice", "a: &x 1\nb: &x 2\n", 2, 4, "`&x` is given twice|config.yaml:1:4" },
        { "a Python object", "a: !!python/object/apply:os.system [ls]\n", 1, 4, "`!!python/object/apply:os.system`|Remove it" },
        { "an unknown tag", "a: !env HOME\n", 1, 4, "`!env`|!join" },
        { "a join without a list", "a: !join abc\n", 1, 4, "`!join` needs a list|[first, second]" },
        { "a join of a mapping", "a: !join [x, {y: 1}]\n", 1, 14, "`!join` can't take a mapping" },
        { "a tag that doesn't fit", "a: !!int ten\n", 1, 4, "`!!int`" },
        { "a merge of a text", "a:\n  <<: text\n", 2, 3, "`<<` merges mappings" },

        // Types
        { "a port that is a word", "local_port: eighty\n", 1, 13, "`eighty`|an integer from 1 to 65535" },
        { "a port out of range", "local_port: 80010\n", 1, 13, "`80010`|65535" },
        { "a port that is a list", "local_port: [8001]\n", 1, 13, "a list|8001" },
        { "a boolean that is none", "CONSUL_REG: maybe\n", 1, 13, "`maybe`|`true` or `false`" },
        { "a number that is none", "DELETE_LOGS_DAYS: 1 week\n", 1, 19, "`1 week`|number" },
        { "a regex that is none", "RELOG_FILES: 'uwsgi(.log'\n", 1, 14, "regular expression|character" },
        { "a list that is a mapping", "TAGS: {a: 1}\n", 1, 7, "a list" },
        { "several values in one text", "TAGS: a, b\n", 1, 7, "several|[a, b]" },
        { "an item that is empty", "paths_to_delete:\n  - ./tmp\n  -\n", 3, 4, "empty" },
        { "a nested uwsgi option", "uwsgi:\n  http:\n    port: 80\n", 3, 5, "`http`|a mapping" },
        { "a uwsgi section that is a list", "uwsgi:\n  - master\n", 2, 3, "options" },

        // The service: section
        { "an unknown key", "service:\n  helth: {http: /ping}\n", 2, 3, "Unknown key `helth`|Did you mean `health`?" },
        { "an unknown nested key", "service:\n  ready: {http: /ping, timout: 3s}\n", 2, 24, "`timout`|`timeout`" },
        { "a section that is a text", "service:\n  ready: /ping\n", 2, 10, "section|`http`" },
        { "a duration that is none", "service:\n  stop: {timeout: soon}\n", 2, 19, "`soon`|duration" },
        { "a size that is none", "service: {logs: {max_size: big}}\n", 1, 28, "`big`|512MB" },
        { "a rate that is none", "service: {restart: {give_up: often}}\n", 1, 30, "`often`|5 in 1m" },
        { "an address that is none", "service:\n  listen: http://localhost:80/\n", 2, 11, "URL" },
        { "a signal that is none", "service: {stop: {signal: STERN}}\n", 1, 26, "`STERN`|TERM" },
        { "a runner that is none", "service:\n  runner: uwsg\n", 2, 11, "`uwsg`|Did you mean `uwsgi`?" },
        { "a command that is one text", "service:\n  command: python3 main.py\n", 2, 12, "[python3, main.py]" },
        { "a percentage that is none", "service: {limits: {cpu: half}}\n", 1, 25, "`half`|50%" },
    };

    [Theory]
    [MemberData(nameof(Configs))]
    public async Task A_malformed_config_is_told_with_place_fault_and_remedy(string name, string text, int line, int column, string words)
    {
        var check = await ConfigurationReader.CheckAsync([new TextSource(text)], ServiceSchema.Schema, "/srv/api",
            TestContext.Current.CancellationToken);

        Assert.Null(check.Configuration);
        var problem = Assert.Single(check.Problems);
        Assert.True((line, column) == (problem.Line, problem.Column), $"{name}: {problem}");
        Assert.False(string.IsNullOrEmpty(problem.Advice), $"{name}: {problem}");
        Assert.All(words.Split('|'), word => Assert.Contains(word, problem.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_faults_of_a_file_are_told_at_once_in_the_order_of_their_places()
    {
        const string text = """
            local_port: eighty
            local_ip: 127.0.0.1
            local_ip: ::1
            TAGS: *nothing
            service:
              helth: {}
              stop: {timeout: soon}
            """;

        var check = await ConfigurationReader.CheckAsync([new TextSource(text)], ServiceSchema.Schema, "/srv/api",
            TestContext.Current.CancellationToken);

        Assert.Equal([1, 3, 4, 6, 7], check.Problems.Select(problem => problem.Line));
        Assert.Equal(["local_port", "local_ip", null, "service.helth", "service.stop.timeout"],
            check.Problems.Select(problem => problem.Key));
    }

    [Fact]
    public async Task A_secret_is_not_shown_in_the_message_about_it()
    {
        const string text =
            "alerts: {tg: {info: {token: [hunter2]}}}\nuwsgi: {http-auth-token: {a: hunter2}}\nservice: {listen: "
                + "'redis://me:hunter2@host'}\n";

        var check = await ConfigurationReader.CheckAsync([new TextSource(text)], ServiceSchema.Schema, "/srv/api",
            TestContext.Current.CancellationToken);

        Assert.Equal(3, check.Problems.Count);
        Assert.All(check.Problems, problem => Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal));
    }
}
