using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Uwsgi;

namespace ServiceCtl.Tests.Unit.Runners;

public sealed class PythonFailureTests
{
    [Fact]
    public void A_traceback_comes_first_and_what_was_printed_before_it_last()
    {
        string[] lines = ["loading", "Traceback (most recent call last):", "  File \"app.py\", line 1, in <module>", "KeyError: 'a'"];
        Assert.Equal([.. lines[1..], "loading"], PythonFailure.TracebackFirst(lines));
        Assert.Equal(["no traceback"], PythonFailure.TracebackFirst(["no traceback"]));
    }

    [Theory]
    [InlineData("*** Starting uWSGI 2.0.21-debian (64bit) on [Sun Nov 29 18:24:49 2026] ***", true)]
    [InlineData("your memory page size is 4096 bytes", true)]
    [InlineData("*** no app loaded. GAME OVER ***", false)]
    [InlineData("!!! no internal routing support, rebuild with pcre support !!!", false)]
    [InlineData("bind(): Address already in use [core/socket.c line 769]", false)]
    public void The_banner_of_uWSGI_explains_no_failure(string line, bool isBanner) => Assert.Equal(isBanner, UwsgiBanner.Has(line));

    [Fact]
    public void The_last_frame_in_the_service_s_own_folder_counts()
    {
        Assert.Equal("/srv/web/app.py, line 3: RuntimeError: half-written", Find("""
            [INFO] Booting worker with pid: 7
            [ERROR] Exception in worker process
            Traceback (most recent call last):
              File "/usr/lib/python3/dist-packages/gunicorn/util.py", line 359, in import_app
                mod = importlib.import_module(module)
              File "<frozen importlib._bootstrap>", line 1050, in _gcd_import
              File "/srv/web/app.py", line 3, in <module>
                raise RuntimeError('half-written')
            RuntimeError: half-written
            [INFO] Worker exiting (pid: 7)
            """));
        Assert.Equal("/srv/web/db.py, line 9: psycopg2.OperationalError: no route", Find("""
              File "/srv/web/app.py", line 3, in <module>
              File "/srv/web/db.py", line 9, in connect
                return psycopg2.connect(dsn)
              File "/srv/web/venv/lib/python3.11/site-packages/psycopg2/__init__.py", line 122, in connect
            psycopg2.OperationalError: no route
            """));
    }

    [Fact]
    public void Code_that_does_not_compile_has_its_place()
    {
        Assert.Equal("./app.py, line 1: SyntaxError: invalid syntax", Find("""
            Traceback (most recent call last):
              File "/usr/lib/python3/dist-packages/gunicorn/util.py", line 359, in import_app
              File "./app.py", line 1
                def broken(:
                           ^
            SyntaxError: invalid syntax
            """));
    }

    [Fact]
    public void Of_chained_exceptions_the_last_one_ended_it()
    {
        Assert.Equal("/srv/web/app.py, line 4: KeyError: 'y'", Find("""
            Traceback (most recent call last):
              File "/srv/web/app.py", line 2, in <module>
            ValueError: x

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "/srv/web/app.py", line 4, in <module>
            KeyError: 'y'
            """));
    }

    [Fact]
    public void What_a_server_raises_after_the_code_has_failed_hides_nothing()
    {
        Assert.Equal("/srv/web/app.py, line 3: RuntimeError: half-written", Find("""
            Traceback (most recent call last):
              File "/srv/web/app.py", line 3, in <module>
            RuntimeError: half-written
            Traceback (most recent call last):
              File "/usr/lib/python3/dist-packages/gunicorn/arbiter.py", line 209, in run
                self.sleep()
            gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>
            """));
    }

    [Theory]
    [InlineData("no traceback at all")]
    [InlineData("  File \"/srv/web/app.py\", line 3, in <module>")]
    public void What_is_no_whole_traceback_is_none(string text)
    {
        Assert.Null(PythonFailure.Find(text.Split('\n'), "/srv/web"));
    }

    private static string? Find(string text) => PythonFailure.Find(text.ReplaceLineEndings("\n").Split('\n'), "/srv/web")?.ToString();
}
