using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("SECRET_KEY", true)]
    [InlineData("db.password", true)]
    [InlineData("auth.passw", true)]
    [InlineData("credentials.user", true)]
    [InlineData("CONSUL_TOKEN", true)]
    [InlineData("apiKey", true)]
    [InlineData("alerts.sl.info.hook", true)]
    [InlineData("local_port", false)]
    [InlineData("PASSAGE", false)]
    public void Secrets_are_known_by_schema_and_by_name(string path, bool expected) =>
        Assert.Equal(expected, SecretMask.For(ServiceSchema.Schema).IsSecret(path));

    [Theory]
    [InlineData("redis://:hunter2@host:6379/0", "redis://:********@host:6379/0")]
    [InlineData("see postgres://me:p@ss@db/x, please", "see postgres://me:********@db/x, please")]
    [InlineData("http://host:80/a@b", "http://host:80/a@b")]
    [InlineData("http://user@host/", "http://user@host/")]
    public void Credentials_in_URLs_are_masked(string text, string expected) => Assert.Equal(expected, SecretPattern.MaskUrls(text));

    [Fact]
    public void A_tree_is_masked_whole_below_a_secret_name()
    {
        var root = TextSource.Read(
            "SECRET_KEY: abcdef\ncredentials: {user: me, list: [x, y]}\nCACHE: redis://u:hunter2@h/0\nlocal_port: 8001\nTOKEN: ~\n");

        Assert.Equal(
            "{SECRET_KEY: ********, credentials: {user: ********, list: [********, ********]}, CACHE: redis://u:********@h/0, local_port: "
                + "8001, TOKEN: ~}",
            SecretMask.For(ServiceSchema.Schema).MaskTree(root).ToString());
    }

    [Fact]
    public async Task Known_secrets_are_found_in_any_text()
    {
        var configuration = await ConfigurationReader.ReadAsync(
            [new TextSource("SECRET_KEY: hunter\nDB_PASSWORD: hunter2\nAPI_TOKEN: 1\n")], ServiceSchema.Schema, "/srv",
            TestContext.Current.CancellationToken);

        Assert.Equal("login ******** failed, key ******** used 1 time",
            SecretMask.For(configuration).MaskText("login hunter2 failed, key hunter used 1 time"));
    }

    [Theory]
    [InlineData("DB_PASSWORD", "********", "********")]
    [InlineData("credentials.user", "********", "********")]
    [InlineData("CACHE", "redis://u:********@h", "redis://u:********@old")]
    [InlineData("local_port", "1", "2")]
    public void What_a_value_has_replaced_is_masked_as_well(string path, string now, string before)
    {
        var root = ConfigurationComposer.Compose(
        [
            TextSource.Read("DB_PASSWORD: one\ncredentials: {user: one}\nCACHE: redis://u:one@old\nlocal_port: 2"),
            TextSource.Read("DB_PASSWORD: two\ncredentials: {user: two}\nCACHE: redis://u:two@h\nlocal_port: 1"),
        ]);

        var masked = SecretMask.For(ServiceSchema.Schema).MaskValue(path, root.Find(path)!);

        Assert.Equal(now, masked.ToString());
        Assert.Equal(before, Assert.Single(masked.Replaced).ToString());
        Assert.Equal(root.Find(path)!.Origin, masked.Origin);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_line_without_an_end_is_masked_in_one_pass()
    {
        var line = new string('x', 4_000_000) + "redis://user:hidden@host";

        var masked = await Task.Run(() => SecretPattern.MaskUrls(line), TestContext.Current.CancellationToken);

        Assert.EndsWith($"xredis://user:{SecretPattern.Mask}@host", masked, StringComparison.Ordinal);
    }

    private const string Key =
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----\n";

    [Theory]
    [InlineData("p/w d&1", "dsn=postgres://h?password=p%2Fw%20d%261", "dsn=postgres://h?password=********")]
    [InlineData("p/w d&1", "curl -d pw=p%2fw+d%261", "curl -d pw=********")]
    [InlineData("p/w d&1", "quoted p/w%20d%261", "quoted ********")]
    [InlineData("say \"hi\"\\now", """{"pw": "say \"hi\"\\now"}""", """{"pw": "********"}""")]
    [InlineData("schlüssel", """{"pw": "schl\u00fcssel"}""", """{"pw": "********"}""")]
    [InlineData("hunter2hunter2", "Basic aHVudGVyMmh1bnRlcjI=", "Basic ********")]
    [InlineData(Key, "at MIIEvQIBADANBgkqhkiG9w0BAQEFAASC of -----BEGIN PRIVATE KEY-----", "at ******** of -----BEGIN PRIVATE KEY-----")]
    public void A_secret_is_found_in_each_form_that_programs_print(string secret, string text, string expected) =>
        Assert.Equal(expected, SecretMask.Of([secret]).MaskText(text));

    [Theory]
    [InlineData("me:")]
    [InlineData("u:")]
    [InlineData("user:")]
    public void A_secret_is_found_in_base64_wherever_it_begins(string before)
    {
        var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{before}correct-horse-battery"));

        var masked = SecretMask.Of(["correct-horse-battery"]).MaskText($"Authorization: Basic {encoded}");

        Assert.Contains(SecretPattern.Mask, masked, StringComparison.Ordinal);
        Assert.InRange(masked.Length, 30, "Authorization: Basic ".Length + encoded.Length - 10);
    }

    [Fact]
    public void A_known_secret_is_masked_inside_other_values_and_a_short_one_as_a_word()
    {
        var root = TextSource.Read("""
            DB_PASSWORD: &pw hunter2hunter2
            SMALL_TOKEN: test
            PIN_TOKEN: 4096
            DSN: !join ["host=db password=", *pw]
            command: [serve, --pw, *pw, --mode, test]
            name: latest-test-service
            buffer: 4096
            """);

        Assert.Equal(
            "{DB_PASSWORD: ********, SMALL_TOKEN: ********, PIN_TOKEN: ********, DSN: host=db password=********, command: [serve, --pw, "
                + "********, --mode, ********], "
            + "name: latest-********-service, buffer: 4096}",
            SecretMask.For(root, ServiceSchema.Schema).MaskTree(root).ToString());
    }

    [Fact]
    public void Many_secrets_do_not_make_a_line_slow()
    {
        var mask = SecretMask.Of([.. Enumerable.Range(0, 500).Select(number => $"secret-value/{number:00000}")]);
        var line = string.Concat(Enumerable.Repeat("2026-11-29 21:00:00 GET /index.html 200 ", 5));
        mask.MaskText(line);
        var before = Environment.CpuUsage.TotalTime;

        for (var number = 0; number < 10_000; number++)
            Assert.Same(line, mask.MaskText(line));

        // One look a line; a search for each form took half a minute.
        Assert.InRange((Environment.CpuUsage.TotalTime - before).TotalSeconds, 0, 10);
    }
}
