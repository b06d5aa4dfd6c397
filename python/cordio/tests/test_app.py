"""What an App answers, runs and ends."""

import asyncio
import dataclasses
import os
import signal
import subprocess
import sys
import textwrap
import time
import types
import unittest

from cordio import App, HttpError, Request, Response, ValidationError, config, on, spawn
from cordio.testing import Client


@dataclasses.dataclass
class Order:
    item: str
    count: int = 1


class Quiet(unittest.TestCase):
    """Points are off, and the configuration is empty."""

    settings: dict = {}

    def setUp(self):
        from cordio import monitor

        config.use(config.Config({"cordio": {"points": "off"}, **self.settings}))
        monitor.reset()
        self.addCleanup(monitor.reset)
        self.addCleanup(config.use, None)


class Requests(Quiet):
    def setUp(self):
        super().setUp()
        self.app = app = App("shop", max_body=100)

        @app.on("GET /orders/{id}")
        async def order(id: int, request: Request, verbose: bool = False):
            return {"id": id, "verbose": verbose, "method": request.method}

        @app.on("POST /orders")
        def make(order: Order):
            return order, 201

        @app.on("GET /files/{name:path}")
        def file(name):
            return name

        @app.on("GET /nothing")
        async def nothing():
            return None

        @app.on("GET /gone")
        async def gone():
            raise HttpError(410, "gone for good", code="ORD-9")

    def test_both_faces_answer_alike(self):
        for face in (self.app, self.app.wsgi):
            ask = Client(face)
            with self.subTest(face=face):
                self.assertEqual(
                    {"id": 7, "verbose": True, "method": "GET"}, ask.get("/orders/7?verbose=yes").json()
                )
                made = ask.post("/orders", json={"item": "tea"})
                self.assertEqual((201, {"item": "tea", "count": 1}), (made.status, made.json()))
                self.assertEqual("a/b.txt", ask.get("/files/a/b.txt").text)
                self.assertEqual((204, b""), (ask.get("/nothing").status, ask.get("/nothing").body))
                self.assertEqual(
                    {"error": {"status": 410, "message": "gone for good", "code": "ORD-9"}},
                    ask.get("/gone").json(),
                )
                self.assertEqual(404, ask.get("/elsewhere").status)
                self.assertEqual(405, ask.request("DELETE", "/orders/7").status)
                self.assertEqual(413, ask.post("/orders", body="x" * 101).status)
                self.assertEqual(
                    (200, b""),
                    (ask.request("HEAD", "/orders/7").status, ask.request("HEAD", "/orders/7").body),
                )

    def test_what_does_not_fit_is_named_whole(self):
        answer = Client(self.app).post("/orders", json={"count": "many", "cuont": 2})
        self.assertEqual(422, answer.status)
        self.assertEqual(
            ["item", "count", "cuont"], [one["place"] for one in answer.json()["error"]["problems"]]
        )
        self.assertEqual(422, Client(self.app).get("/orders/seven").status)
        self.assertEqual(400, Client(self.app).post("/orders", body="{").status)

    def test_an_exception_is_no_answer_that_tells_anything(self):
        @self.app.on("GET /broken")
        async def broken():
            raise ValueError("s3cret")

        with self.assertLogs("cordio", "ERROR") as logs:
            answer = Client(self.app).get("/broken")
        self.assertEqual(500, answer.status)
        self.assertNotIn("s3cret", answer.text)
        self.assertIn("ValueError: s3cret", logs.output[0])
        self.assertIn("Exception on /broken [GET]", logs.output[0])

    def test_a_second_handler_of_a_route_is_refused(self):
        with self.assertRaisesRegex(ValueError, "has a handler already"):
            self.app.on("POST /orders")(lambda: None)
        with self.assertRaisesRegex(ValueError, "is not an event"):
            self.app.on("FETCH /orders")(lambda: None)

    def test_a_chain_before_the_handler_may_answer(self):
        @self.app.on("request")
        async def check(request):
            return Response("no", 403) if request.headers.get("x-who") != "me" else None

        self.assertEqual(403, Client(self.app).get("/orders/7").status)
        self.assertEqual(200, Client(self.app).get("/orders/7", headers={"X-Who": "me"}).status)
        self.assertEqual(200, Client(self.app).get("/ping").status)


class Objects(Quiet):
    def test_each_call_has_an_object_of_its_own_which_is_begun_and_ended(self):
        seen = []

        class Orders:
            def __init__(self, prices):
                self.prices = prices

            async def initialise(self, request):
                seen.append(f"begin {request.path}")

            def finalise(self, error):
                seen.append(f"end {type(error).__name__}")

            @on("GET /price")
            async def price(self, item: str):
                return self.prices[item]

            @on("GET /sync")
            def sync(self):
                return self.prices["tea"]

        for face in ("asgi", "wsgi"):
            with self.subTest(face=face):
                seen.clear()
                app = App("shop")
                app.services.add(lambda: {"tea": 3}, "prices")
                app.include(Orders)
                ask = Client(app if face == "asgi" else app.wsgi)
                self.assertEqual(3, ask.get("/price?item=tea").json())
                with self.assertLogs("cordio", "ERROR"):
                    self.assertEqual(500, ask.get("/price?item=gin").status)
                self.assertEqual(3, ask.get("/sync").json())
                self.assertEqual(
                    [
                        "begin /price",
                        "end NoneType",
                        "begin /price",
                        "end KeyError",
                        "begin /sync",
                        "end NoneType",
                    ],
                    seen,
                )

    def test_handlers_by_name_and_modules(self):
        module = types.ModuleType("shop_by_name")
        exec(
            "def get_orders():\n    return 'all'\ndef on_order_made(order):\n    return order", module.__dict__
        )
        for function in (module.get_orders, module.on_order_made):
            function.__module__ = module.__name__
        app = App("shop", by_name=module)
        self.assertEqual("all", Client(app).get("/orders").text)
        self.assertEqual([7], asyncio.run(app.emit("order-made", order=7)))
        with self.assertRaisesRegex(ValueError, "has no handler"):
            app.include(types.ModuleType("empty"))


class Life(Quiet):
    def test_a_chain_of_handlers_runs_in_order_and_ends_with_the_first_that_fails(self):
        app, seen = App("shop"), []

        @app.on("order-made")
        async def first(order):
            seen.append(f"first {order}")

        @app.on("order-made")
        def second(order, **rest):
            seen.append(f"second {rest}")
            raise RuntimeError("no more")

        @app.on("order-made")
        async def third():
            seen.append("third")

        with self.assertRaises(RuntimeError):
            asyncio.run(app.emit("order-made", order=7, by="me"))
        self.assertEqual(["first 7", "second {'by': 'me'}"], seen)

    def test_a_soft_end_awaits_tasks_and_cancels_those_that_take_too_long(self):
        app, seen = App("shop", grace="200ms"), []

        async def short():
            await asyncio.sleep(0.01)
            seen.append("short")

        async def long():
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                seen.append("cancelled")
                raise

        async def live():
            await app.start()
            spawn(short())
            app.spawn(long(), "long one")
            self.assertEqual(
                [
                    "Life.test_a_soft_end_awaits_tasks_and_cancels_those_that_take_too_long.<locals>.short",
                    "long one",
                ],
                [one["name"] for one in app.tasks()],
            )
            with self.assertLogs("cordio", "ERROR") as logs:
                await app.stop()
            self.assertIn("long one was cancelled after 0.2 s", logs.output[0])

        asyncio.run(live())
        self.assertEqual(["short", "cancelled"], seen)

    def test_what_a_task_raises_is_logged(self):
        app = App("shop")

        async def fail():
            raise KeyError("lost")

        async def live():
            app.spawn(fail(), "failing")
            await app.stop()

        with self.assertLogs("cordio", "ERROR") as logs:
            asyncio.run(live())
        self.assertIn("Exception in task failing", logs.output[0])

    def test_a_schedule_runs_and_never_beside_itself(self):
        app, now, most = App("shop"), [0], [0]

        @app.on("every 5ms")
        async def tick():
            now[0] += 1
            most[0] = max(most[0], now[0])
            await asyncio.sleep(0.02)
            now[0] -= 1

        async def live():
            await app.start()
            until = time.monotonic() + 10
            while app.tasks()[-1]["runs"] < 3 and time.monotonic() < until:
                await asyncio.sleep(0.005)
            await app.stop()

        asyncio.run(live())
        self.assertGreaterEqual(app.tasks()[-1]["runs"], 3)
        self.assertEqual(1, most[0])

    def test_lifespan_begins_and_ends_it(self):
        app, seen, sent = App("shop"), [], []
        app.on("start")(lambda: seen.append("start"))
        app.on("stop")(lambda: seen.append("stop"))
        messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

        async def receive():
            return messages.pop(0)

        async def send(message):
            sent.append(message["type"])

        asyncio.run(app({"type": "lifespan"}, receive, send))
        self.assertEqual(["start", "stop"], seen)
        self.assertEqual(["lifespan.startup.complete", "lifespan.shutdown.complete"], sent)


PROGRAM = """
    import asyncio, sys
    from cordio import App, option, spawn
    app = App("shop")

    @app.main
    @option("--count", type=int, default=2, key="work.count", help="how often")
    @option("--password", required=True)
    async def main(count, password, config):
        async def later():
            await asyncio.sleep(0.05)
            print("later", flush=True)
        spawn(later())
        print("count", count, flush=True)
        return 3

    @app.on("stop")
    def stop():
        print("stop", flush=True)

    sys.exit(app.run())
"""


class Programs(unittest.TestCase):
    def run_program(self, *arguments, text=PROGRAM, variables=None):
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.path.dirname(os.path.dirname(__file__)),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(text), *arguments],
            env={**environment, **(variables or {})},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def test_a_plain_program_ends_softly_with_its_own_code(self):
        done = self.run_program("--password", "x", "--count", "5")
        self.assertEqual((3, "count 5\nstop\nlater\n"), (done.returncode, done.stdout), done.stderr)

    def test_what_is_missing_is_said_with_its_remedy(self):
        done = self.run_program()
        self.assertEqual(2, done.returncode)
        self.assertIn("--password is required; give it, or set password", done.stderr)
        self.assertEqual(1, self.run_program("--check-config").returncode)

    def test_values_are_shown_with_their_sources_and_without_secrets(self):
        done = self.run_program(
            "--show-config", variables={"SERVICECTL__PASSWORD": "hunter2", "SERVICECTL__WORK__COUNT": "9"}
        )
        self.assertIn("work.count = 9", done.stdout)
        self.assertIn('password = "********"', done.stdout)
        self.assertNotIn("hunter2", done.stdout + done.stderr)
        self.assertEqual(
            '{\n  "work": {\n    "count": 2\n  },\n  "password": ""\n}\n',
            self.run_program("--config-template", "all").stdout,
        )

    def test_a_daemon_ends_softly_at_a_signal(self):
        text = PROGRAM.replace("return 3", "await asyncio.sleep(60)")
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.path.dirname(os.path.dirname(__file__))}
        process = subprocess.Popen(
            [sys.executable, "-B", "-c", textwrap.dedent(text), "--as", "daemon", "--password", "x"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            self.assertEqual("count 2\n", process.stdout.readline())
            process.send_signal(signal.SIGTERM)
            self.assertEqual("stop\nlater\n", process.stdout.read())
        self.assertEqual(0, process.returncode)


class Native(unittest.TestCase):
    def test_requests_of_any_framework_look_alike(self):
        asgi = Request.of({"type": "http", "method": "POST", "path": "/x", "query_string": b"a=1", "headers": [(b"X-Id", b"7")],
                           "client": ("10.0.0.1", 5)}, b"body")  # fmt: skip
        import io

        wsgi = Request.of({"REQUEST_METHOD": "POST", "PATH_INFO": "/x", "QUERY_STRING": "a=1", "HTTP_X_ID": "7", "REMOTE_ADDR": "10.0.0.1",
                           "CONTENT_LENGTH": "4", "wsgi.input": io.BytesIO(b"body")})  # fmt: skip
        for request in (asgi, wsgi):
            self.assertEqual(("POST", "/x", {"a": "1"}, "7", b"body", "10.0.0.1"), (
                request.method, request.path, request.query, request.headers["x-id"], request.body, request.client))  # fmt: skip
        with self.assertRaises(TypeError):
            Request.of(object())

    def test_a_validation_error_lists_everything(self):
        error = ValidationError([("a", "is required"), ("b", "should be an integer")])
        self.assertEqual("a is required; b should be an integer", str(error))


if __name__ == "__main__":
    unittest.main()
