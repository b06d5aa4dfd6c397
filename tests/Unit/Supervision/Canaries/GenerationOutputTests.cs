using System.Text;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision.Canaries;

namespace ServiceCtl.Tests.Unit.Supervision.Canaries;

public sealed class GenerationOutputTests
{
    private const string Ok = "[pid: 7|app: 0|req: 1/1] 127.0.0.1 () {26 vars in 280 bytes} [Mon Nov 30 05:00:00 2026] GET / => "
        + "generated 2 bytes in 0 msecs (HTTP/1.1 200) 1 headers in 44 bytes (1 switches on core 0)\n";

    private const string Traceback = """
        Traceback (most recent call last):
          File "/srv/x/releases/20261130000002/app.py", line 12, in index
            raise KeyError('a')
        KeyError: 'a'

        """;

    [Theory]
    [InlineData(Ok, 200)]
    [InlineData("[pid: 7|app: 0|req: 1/1] 1.2.3.4 () {26 vars} [Mon] P /a => generated 0 bytes in 3 msecs (HTTP/1.0 503) 1 he", 503)]
    [InlineData("127.0.0.1 - - [30/Nov/2026:05:00:00 +0000] \"GET / HTTP/1.1\" 500 5 \"-\" \"curl\"", 500)]
    [InlineData("INFO:     127.0.0.1:5123 - \"GET / HTTP/1.1\" 502 Bad Gateway", 502)]
    [InlineData("[2026-11-30 05:00:00 +0000] [7] [INFO] Booting worker with pid: 7", null)]
    [InlineData("said \"GET / HTTP/1.1\" and no more", null)]
    [InlineData("a (HTTP/1.1 500) in a text", null)]
    [InlineData("x \"y HTTP/1.1\" 99", null)]
    [InlineData("x \"y HTTP/1.1\" 5", null)]
    [InlineData("", null)]
    public void The_status_of_a_request_is_found_in_the_lines_of_each_server(string line, int? status) =>
        Assert.Equal(status, AnsweredRequest.StatusOf(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Lines_may_come_in_any_pieces()
    {
        var text = Encoding.UTF8.GetBytes(Ok + Traceback + Ok.Replace(" 200)", " 500)", StringComparison.Ordinal) + Traceback);
        for (var size = 1; size < 40; size++)
        {
            var output = Output();
            foreach (var piece in text.Chunk(size))
                output.Take(piece);

            var (requests, errors, exceptions) = output.Read();
            Assert.Equal((2, 1), (requests, errors));
            Assert.Equal("2 x KeyError in app.py, index", Assert.Single(exceptions).ToString());
        }
    }

    [Fact]
    public void Of_a_chain_the_last_exception_counts_and_of_mixed_tracebacks_none()
    {
        Assert.Equal(["1 x ValueError in b.py, g"], Read(Traceback + """

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "./b.py", line 3, in g
                f()
            ValueError: other

            """));
        Assert.Empty(Read("""
            Traceback (most recent call last):
              File "a.py", line 3, in f
            Traceback (most recent call last):
              File "b.py", line 3, in g
            KeyError: 1
            ValueError: 2

            """ + Ok));
        Assert.Equal(["1 x demo.Busy"], Read("Traceback (most recent call last):\ndemo.Busy\n" + Ok));
    }

    [Theory]
    [InlineData("/srv/x/releases/20261129000001/app.py:9 in index", "KeyError in app.py, index")]
    [InlineData("/srv/x/current/app.py:9 in index", "KeyError in app.py, index")]
    [InlineData("/usr/lib/python3/flask/app.py:9 in run", "KeyError in /usr/lib/python3/flask/app.py, run")]
    [InlineData("/srv/y/made in house/app.py:9 in run", "KeyError in /srv/y/made in house/app.py, run")]
    [InlineData("app.py:9", "KeyError in app.py")]
    [InlineData(null, "KeyError")]
    public void What_relog_has_found_is_the_same_kind_in_each_release(string? place, string kind) =>
        Assert.Equal(kind, new ExceptionKind(Place).Of("KeyError", place));

    private static ReleasePlace Place => new("/srv/x/current", "/srv/x/releases/20261130000002");

    private static GenerationOutput Output() => new(Place);

    private static string[] Read(string text)
    {
        var output = Output();
        output.Take(Encoding.UTF8.GetBytes(text));
        return [.. output.Read().Exceptions.Select(kind => kind.ToString())];
    }
}
