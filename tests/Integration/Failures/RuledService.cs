using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Failures;

/// <summary>A service that does what files in its folder say, with rules for failures.</summary>
internal sealed class RuledService : LocalService
{
    /// <summary>
    /// Serves until the file <c>end</c> says by which exit code to end; <c>start</c> says it for the start, <c>term</c> for SIGTERM. It
    /// prints what <c>say</c> holds, and takes as many megabytes as <c>eat</c> says.
    /// </summary>
    private const string Program = """
        import http.server, os, signal, socket, sys, threading, time
        def ending(name):
            try:
                return int(open(name).read())
            except (OSError, ValueError):
                return None
        if (code := ending('start')) is not None:
            sys.exit(code)
        signal.signal(signal.SIGTERM, lambda *_: os._exit(ending('term') or 0))
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                sick = self.path == '/health' and os.path.exists('sick')
                self.send_response(500 if sick else 200)
                self.end_headers()
                self.wfile.write(b'well')
            def log_message(self, *args): pass
        kept = []
        def watch():
            while (code := ending('end')) is None:
                if (size := ending('eat')) is not None:
                    kept.append(b'x' * (size << 20))
                if os.path.exists('say') and (text := open('say').read()):
                    os.remove('say')
                    print(text, flush=True)
                time.sleep(0.02)
            os.remove('end')
            os._exit(code)
        threading.Thread(target=watch, daemon=True).start()
        server = http.server.HTTPServer(('127.0.0.1', 0), Page, bind_and_activate=False)
        server.socket = socket.socket(fileno=int(sys.argv[1]))
        server.serve_forever()
        """;

    public RuledService(Home home, string name, string rules, string more = "")
        : base(home, name, $$"""
            SERVICE_NAME: {{name}}
            service:
              runner: python
              command: [main.py, '{fd}']
              listen: 127.0.0.1:PORT
              ready: {http: /}
            {{(more.Length > 0 ? $"  {more}\n" : "")}}  on_failure:
            {{string.Join('\n', rules.Split('\n').Select(line => $"    {line}"))}}
            """, ("main.py", Program))
    {
    }

    /// <summary>What a traceback of such an exception looks like.</summary>
    public static string Traceback(string type) =>
        $"Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in page\n    ask()\n{type}: it is down\nwell again";

    public static async Task<IReadOnlyList<PyServiceFailure>> FailuresAsync(Home home, string name)
    {
        var found = new List<PyServiceFailure>();
        var events = home.Client.Events.ReadAsync(new EventRequest { Services = [name], OnlyFailures = true }, CancellationToken.None);
        await foreach (var failure in FailureVerbs.OfAsync(events, CancellationToken.None))
            found.Add(failure);
        return found;
    }

    /// <summary>Whole at once: the program looks all the time.</summary>
    public void Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText($"{path}.new", text);
        File.Move($"{path}.new", path, overwrite: true);
    }

    public Task IsBackAsync(int? former) => Condition.HoldsAsync(
        async () => await StatusAsync() is { State: ServiceState.Running } now && now.Pid != former, "it is back");

    public Task HasPrintedAsync(string file) => Condition.HoldsAsync(() => File.Exists(Path.Combine(Folder, file)), $"{file} is there");
}
