"""Points, stages, facts, and where they go."""

import asyncio
import json
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import unittest

from cordio import App, AsgiMiddleware, Request, Response, WsgiMiddleware, config, facts, monitor, point, stage
from cordio.testing import Client

CANARY = "hunter2-canary"


class Monitored(unittest.TestCase):
    """With a monitor that listens."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.listener.close)
        self.listener.bind(f"{self.folder.name}/monitor")
        self.listener.setblocking(False)
        self.use({})

    def use(self, settings, path="monitor"):
        os.environ[monitor.VARIABLE] = f"{self.folder.name}/{path}"
        self.addCleanup(os.environ.pop, monitor.VARIABLE, None)
        config.use(config.Config(settings, handed={"service": "shop", "generation": 4}))
        self.addCleanup(config.use, None)
        monitor.reset()
        self.addCleanup(monitor.reset)

    def heard(self):
        found = []
        while True:
            try:
                found.append(json.loads(self.listener.recv(200_000)))
            except BlockingIOError:
                return found


class Points(Monitored):
    def make(self):
        app = App("shop")

        @app.on("GET /pay")
        async def pay(request):
            self.during = self.heard()
            with stage("payment"), point("bank.charge", card_token=CANARY) as charge:
                charge["url"] = f"https://me:{CANARY}@bank/pay"
            with point("db.query"):
                pass
            return Response({"paid": True})

        @app.on("GET /broken")
        async def broken():
            raise KeyError("lost")

        return app

    def test_they_are_written_after_the_answer_with_its_place(self):
        for face in ("asgi", "wsgi"):
            with self.subTest(face=face):
                app = self.make()
                trace = "0af7651916cd43dd8448eb211c80319c"
                Client(app if face == "asgi" else app.wsgi).get(
                    "/pay", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
                )
                self.assertEqual([], self.during)
                records = self.heard()
                self.assertEqual(
                    ["bank.charge", "payment", "db.query", "request"], [one["name"] for one in records]
                )
                charge, payment, query, request = records
                self.assertEqual(("payment", None), (charge["stage"], query["stage"]))
                self.assertEqual(
                    (payment["span"], request["span"], "b7ad6b7169203331"),
                    (charge["parent"], payment["parent"], request["parent"]),
                )
                self.assertEqual({trace}, {one["trace"] for one in records})
                self.assertEqual(
                    ("shop", 4, 200), (request["service"], request["generation"], request["data"]["status"])
                )
                self.assertRegex(request["data"]["place"], r"test_monitor\.py:\d+$")
                self.assertNotIn(CANARY, json.dumps(records))

    def test_what_failed_says_so(self):
        with self.assertLogs("cordio", "ERROR"):
            Client(self.make()).get("/broken")
        (request,) = self.heard()
        self.assertEqual(("KeyError", 500), (request["error"]["type"], request["data"]["status"]))
        self.assertIn("test_monitor.py", request["error"]["place"])

    def test_they_are_suppressed_by_configuration_and_by_context(self):
        self.use({"cordio": {"suppress": ["db.*"]}})
        Client(self.make()).get("/pay")
        self.assertNotIn("db.query", [one["name"] for one in self.heard()])
        with monitor.shaping(suppress=["bank.*"], data={"tenant": "a"}):
            with point("bank.charge"), point("other"):
                pass
        self.assertEqual([("other", {"tenant": "a"})], [(one["name"], one["data"]) for one in self.heard()])
        self.use({"cordio": {"points": "off"}})
        Client(self.make()).get("/pay")
        self.assertEqual([], self.heard())
        with self.assertRaisesRegex(ValueError, "write auto, stderr or off"):
            self.use({"cordio": {"points": "loud"}})
            monitor.output()

    def test_a_monitor_that_is_away_holds_up_nothing_and_what_was_lost_is_counted(self):
        self.use({}, path="nobody")
        with point("a"), point("b"):
            pass
        monitor.output().address = f"{self.folder.name}/monitor"
        with point("c"):
            pass
        self.assertEqual([("c", 2)], [(one["name"], one["lost"]) for one in self.heard()])

    def test_a_task_that_outlives_its_request_still_tells_to_which_it_belongs(self):
        app = App("shop")

        @app.on("GET /x")
        async def handle(app):
            async def later():
                await asyncio.sleep(0.02)
                with point("later"):
                    pass

            app.spawn(later())

        async def ask():
            await Client(app).ask("GET", "/x")
            first = self.heard()
            await app.stop()
            return first + self.heard()

        request, later = asyncio.run(ask())
        self.assertEqual((request["trace"], request["span"]), (later["trace"], later["parent"]))

    def test_without_a_monitor_they_are_lines_of_json_on_stderr(self):
        done = subprocess.run(
            [sys.executable, "-B", "-c", "from cordio import fact, point\nwith point('a', password='x'): fact('b')"],
            env={"PYTHONPATH": os.path.dirname(os.path.dirname(__file__)), "HOME": "/nonexistent"}, cwd="/", capture_output=True, text=True,
        )  # fmt: skip
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        self.assertEqual([("fact", "b"), ("point", "a")], [(one["kind"], one["name"]) for one in lines])
        self.assertEqual({"password": "********"}, lines[1]["data"])


class Sinks(Monitored):
    def test_facts_are_recorded_in_a_log_a_file_a_database_and_a_queue(self):
        base, queue = sqlite3.connect(":memory:", check_same_thread=False), []
        file = f"{self.folder.name}/facts.log"
        places = {
            "log": facts.to_log("facts"),
            "file": facts.to_file(file),
            "database": facts.to_database(lambda: base),
            "queue": facts.to_queue(queue.append),
        }
        for name, sink in places.items():
            monitor.add_sink(name, sink)
            self.addCleanup(monitor.remove_sink, name)
        with self.assertLogs("facts", logging.INFO) as logs:
            monitor.fact("order.paid", order=7, api_key=CANARY)
            self.assertTrue(monitor.drain())
        self.assertEqual(
            [("order.paid", '{"order": 7, "api_key": "********"}')],
            base.execute("select name, data from facts").fetchall(),
        )
        self.assertEqual(["order.paid"], [one["name"] for one in queue])
        with open(file, encoding="utf-8") as lines:
            self.assertEqual(7, json.loads(lines.read())["data"]["order"])
        self.assertNotIn(CANARY, str(logs.output))
        with monitor.shaping(sinks=["queue"]):
            monitor.fact("quiet")
        monitor.drain()
        self.assertEqual((2, 1), (len(queue), base.execute("select count(*) from facts").fetchone()[0]))

    def test_a_sink_that_fails_harms_no_other(self):
        taken = []

        def broken(record):
            raise OSError("full")

        monitor.add_sink("broken", broken)
        monitor.add_sink("good", taken.append)
        self.addCleanup(monitor.remove_sink, "broken")
        self.addCleanup(monitor.remove_sink, "good")
        monitor.fact("x")
        monitor.drain()
        self.assertEqual(1, len(taken))


class Frameworks(Monitored):
    def test_a_plain_asgi_application(self):
        async def plain(scope, receive, send):
            await send({"type": "http.response.start", "status": 201, "headers": []})
            await send({"type": "http.response.body", "body": b"made"})

        watched = AsgiMiddleware(plain, App("shop"))
        self.assertEqual((201, "made"), (Client(watched).get("/x").status, Client(watched).get("/x").text))
        self.assertEqual("pong", Client(watched).get("/ping").text)
        self.assertRegex(self.heard()[0]["data"]["place"], r"test_monitor\.py:\d+$")

    def test_a_plain_wsgi_application(self):
        def plain(environ, start_response):
            if environ["PATH_INFO"] == "/broken":
                raise LookupError("lost")
            start_response("201 Created", [])
            return [b"made"]

        self.use(
            {
                "service": {
                    "on_failure": [
                        {"match": {"exception": "LookupError"}, "respond": {"status": 503, "body": "later"}}
                    ]
                }
            }
        )
        watched = WsgiMiddleware(plain, App("shop"))
        self.assertEqual((201, "made"), (Client(watched).get("/x").status, Client(watched).get("/x").text))
        with self.assertLogs("cordio", "ERROR"):
            self.assertEqual((503, "later"), (Client(watched).get("/broken").status, "later"))
        self.assertEqual("pong", Client(watched).get("/ping").text)

    def test_flask(self):
        try:
            import flask
        except ImportError:
            self.skipTest("Flask is not there")
        self.use(
            {
                "service": {
                    "on_failure": [
                        {"match": {"exception": "LookupError"}, "respond": {"status": 503, "body": "later"}}
                    ]
                }
            }
        )
        api, app = flask.Flask("shop"), App("shop")
        app.services.add(lambda: {"tea": 3}, "prices")
        api.config["PROPAGATE_EXCEPTIONS"] = True

        @api.route("/orders/<item>", methods=["GET", "POST"])
        def order(item):
            asked = Request.of(flask.request)
            return {
                "price": app.get_now("prices")[item],
                "method": asked.method,
                "query": asked.query,
                "body": asked.text(),
                "params": asked.params,
            }

        @api.route("/broken")
        def broken():
            raise LookupError("lost")

        api.wsgi_app = WsgiMiddleware(api.wsgi_app, app)
        ask = Client(api.wsgi_app)
        self.assertEqual({"price": 3, "method": "POST", "query": {"a": "1"}, "body": "x", "params": {"item": "tea"}},
                         ask.post("/orders/tea?a=1", body="x").json())  # fmt: skip
        with self.assertLogs("cordio", "ERROR"):
            self.assertEqual((503, "later"), (lambda one: (one.status, one.text))(ask.get("/broken")))
        self.assertEqual(
            [200, 503], [one["data"]["status"] for one in self.heard() if one["kind"] == "request"]
        )

    def test_fastapi(self):
        try:
            import fastapi
        except ImportError:
            self.skipTest("FastAPI is not there")
        self.use(
            {
                "service": {
                    "on_failure": [
                        {"match": {"exception": "LookupError"}, "respond": {"status": 503, "body": "later"}}
                    ]
                }
            }
        )
        api, app, seen = fastapi.FastAPI(), App("shop"), []
        app.on("start")(lambda: seen.append("start"))
        app.on("stop")(lambda: seen.append("stop"))
        api.add_middleware(AsgiMiddleware, cordio=app)

        @api.get("/orders/{item}")
        async def order(item: str):
            return {"item": item}

        @api.get("/broken")
        async def broken():
            raise LookupError("lost")

        ask = Client(api)
        self.assertEqual({"item": "tea"}, ask.get("/orders/tea").json())
        with self.assertLogs("cordio", "ERROR"):
            self.assertEqual((503, "later"), (lambda one: (one.status, one.text))(ask.get("/broken")))
        self.assertEqual("pong", ask.get("/ping").text)
        first, second = (one for one in self.heard() if one["kind"] == "request")
        self.assertRegex(first["data"]["place"], r"test_monitor\.py:\d+$")
        self.assertEqual("LookupError", second["error"]["type"])
        messages, sent = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}], []

        async def live():
            async def receive():
                return messages.pop(0)

            async def send(message):
                sent.append(message["type"])

            await api({"type": "lifespan"}, receive, send)

        asyncio.run(live())
        self.assertEqual((["start", "stop"], "lifespan.shutdown.complete"), (seen, sent[-1]))


if __name__ == "__main__":
    unittest.main()
