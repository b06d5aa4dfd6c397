namespace ServiceCtl.Tests.Integration.Support;

/// <summary>Small services for the runners, each with <c>/ping</c> and <c>/version</c>.</summary>
internal static class RunnerSamples
{
    /// <summary>Answers <c>one</c> to everything, as <c>app</c> in WSGI and as <c>api</c> in ASGI.</summary>
    public const string One = """
        def app(environ, start_response):
            start_response('200 OK', [('Content-Length', '3')])
            return [b'one']

        async def api(scope, receive, send):
            while scope['type'] == 'lifespan':
                message = await receive()
                await send({'type': message['type'] + '.complete'})
                if message['type'].endswith('shutdown'):
                    return
            await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', b'3')]})
            await send({'type': 'http.response.body', 'body': b'one'})
        """;

    public const string FastApi = """
        import asyncio
        from fastapi import FastAPI
        from fastapi.responses import PlainTextResponse
        app = FastAPI()
        VERSION = 'one'

        @app.get('/ping')
        async def ping():
            return {'pong': True}

        @app.get('/version', response_class=PlainTextResponse)
        async def version():
            return VERSION

        @app.get('/slow/{seconds}', response_class=PlainTextResponse)
        async def slow(seconds: float):
            open('begun', 'w').close()
            await asyncio.sleep(seconds)
            return 'done'
        """;

    /// <summary>
    /// A server of the standard library that is told its socket: <c>--fd N</c>, <c>--listen-fds</c>, or <c>--port N</c> to bind it itself.
    /// </summary>
    public const string Server = """
        import os, signal, socket, sys, threading
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        VERSION = 'one'

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = VERSION.encode() if self.path == '/version' else repr(dict(os.environ)).encode()
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = False
            request_queue_size = 1024
            allow_reuse_address = True

        how = sys.argv[1] if len(sys.argv) > 1 else '--environment'
        if how == '--listen-fds':
            if os.environ.get('LISTEN_PID') != str(os.getpid()) or os.environ.get('LISTEN_FDS') != '1':
                sys.exit('not told of a socket: LISTEN_PID=%s' % os.environ.get('LISTEN_PID'))
            fd = 3
        else:
            fd = int(sys.argv[2]) if how == '--fd' else None
        if fd is None:
            port = int(sys.argv[2]) if how == '--port' else int(os.environ['BINDING_ADDRESS'].rsplit(':', 1)[1])
            server = Server(('127.0.0.1', port), Handler)
        else:
            server = Server(('127.0.0.1', 0), Handler, bind_and_activate=False)
            server.socket.close()
            server.socket = socket.socket(fileno=fd)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        signal.signal(signal.SIGINT, lambda *_: (print('interrupted'), threading.Thread(target=server.shutdown).start()))
        print('serving', flush=True)
        server.serve_forever()
        server.server_close()
        print('finished', flush=True)
        """;
}
