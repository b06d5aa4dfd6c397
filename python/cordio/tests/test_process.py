"""Configuration, pages, authorisation, the server and the daemon: what a process has to do with its host."""

import asyncio
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import textwrap
import unittest
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional

from cordio import App, config, validate
from cordio.auth import Bearer, ClientCertificate, certificate, guard, make_jwt, read_jwt, tls_context
from cordio.models import ValidationError
from cordio.server import Server
from cordio.testing import Client

from .test_app import Quiet

HERE = Path(__file__).resolve().parent.parent


class Configurations(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.folder = Path(self.place.name)
        self.addCleanup(config.use, None)
        self.addCleanup(os.environ.pop, config.VARIABLE, None)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    def test_what_servicectl_hands_over_counts_alone(self):
        self.write("config.json", '{"db": {"host": "elsewhere"}}')
        handed = self.write("run/config.json", json.dumps({"service": "shop", "generation": 2, "source": "config.yaml",
                                                           "secrets": ["db.word"],
                                                           "config": {"db": {"host": "here", "word": "x", "password": "y"}}}))  # fmt: skip
        os.environ[config.VARIABLE] = str(handed)
        loaded = config.load(self.folder)
        self.assertEqual(
            ("here", "config.yaml", 2), (loaded["db.host"], loaded.origin, loaded.handed["generation"])
        )
        self.assertEqual({"db": {"host": "here", "word": "********", "password": "********"}}, loaded.masked())
        config.use(None)
        self.assertEqual(
            {"db": {"host": "here", "word": "x", "password": "y"}}, config.parse_config("ignored.yaml")
        )

    def test_without_servicectl_the_usual_files_are_read(self):
        self.write("config/main.json", '{"db": {"host": "a", "port": 1}}')
        self.write("etc/log.json", '{"level": "info"}')
        self.write("etc/50-local.json", '{"db": {"port": 2}}')
        os.environ["SERVICECTL__DB__USER"] = "me"
        self.addCleanup(os.environ.pop, "SERVICECTL__DB__USER")
        self.assertEqual(
            {"db": {"host": "a", "port": 2, "user": "me"}, "log": {"level": "info"}},
            config.load(self.folder).values(),
        )

    def test_at_the_root_there_is_no_project(self):
        self.assertEqual((None, {}), (config.load("/").origin, config.load("/").values()))

    def test_the_predecessors_yaml_with_its_join(self):
        try:
            import yaml  # noqa: F401
        except ImportError:
            self.skipTest("PyYAML is not there")
        path = self.write("config.yaml", "name: &n shop\nvar: !join [*n, _, 1]\n")
        self.assertEqual({"name": "shop", "var": "shop_1"}, config.parse_config(path))

    def test_a_slice_is_validated_whole(self):
        @dataclass
        class Db:
            host: str
            port: int = 5432
            replicas: List[str] = field(default_factory=list)
            limits: Optional[Dict[str, float]] = None

        made = config.Config({"db": {"host": "a", "port": "1", "replicas": ["b"], "limits": {"cpu": "0.5"}}})
        self.assertEqual(Db("a", 1, ["b"], {"cpu": 0.5}), made.slice("db", Db))
        with self.assertRaises(ValidationError) as caught:
            config.Config({"db": {"port": "x", "replicas": "b"}}).slice("db", Db)
        self.assertEqual([("db.port", "should be an integer"), ("db.replicas", "should be a list"), ("db.host", "is required")],
                         sorted(caught.exception.problems, key=lambda one: one[0] == "db.host"))  # fmt: skip
        with self.assertRaisesRegex(KeyError, "db.host is not set"):
            config.Config({})["db.host"]

    def test_pydantic_where_it_is_there(self):
        try:
            import pydantic
        except ImportError:
            self.skipTest("pydantic is not there")

        class Order(pydantic.BaseModel):
            item: str
            count: int = 1

        self.assertEqual(2, validate(Order, {"item": "tea", "count": "2"}).count)
        with self.assertRaises(ValidationError) as caught:
            validate(Order, {"count": "many"}, "order")
        self.assertEqual({"order.item", "order.count"}, {place for place, _ in caught.exception.problems})


class Pages(Quiet):
    settings = {"db": {"password": "hunter2", "host": "here"}}

    def test_the_state_shows_what_runs_and_no_secret(self):
        app = App("shop", version="1.2.0")
        app.on("every 1h")(lambda: None)
        state = Client(app).get("/internal/state").json()
        self.assertEqual(("shop", "1.2.0", os.getpid()), (state["service"], state["version"], state["pid"]))
        self.assertEqual(["every 1h"], [one["event"] for one in state["handlers"]])
        self.assertEqual({"password": "********", "host": "here"}, state["configuration"]["db"])

    def test_it_is_shown_to_nobody_else(self):
        app = App("shop")
        self.assertEqual(404, Client(app, client="10.0.0.1").get("/internal/state").status)
        self.assertEqual(
            404, Client(app).get("/internal/state", headers={"X-Forwarded-For": "10.0.0.1"}).status
        )
        config.use(config.Config({}, handed={"token": "t0p"}))
        self.assertEqual(404, Client(app).get("/internal/state").status)
        self.assertEqual(
            404, Client(app).get("/internal/state", headers={"Authorization": "Bearer t0q"}).status
        )
        self.assertEqual(
            200,
            Client(app, client="10.0.0.1")
            .get("/internal/state", headers={"Authorization": "Bearer t0p"})
            .status,
        )

    def test_pages_can_be_the_applications_own(self):
        app = App("shop", pages=False)
        app.on("GET /ping")(lambda: "mine")
        self.assertEqual("mine", Client(app).get("/ping").text)
        self.assertEqual(404, Client(app).get("/internal/state").status)


class Authorisation(Quiet):
    def test_only_known_clients_get_in(self):
        app = App("shop")
        guard(app, Bearer({"t0p": {"name": "till"}}, secret="s3cret"), open_paths=["/open*"])
        app.on("GET /x")(lambda request: dict(request.identity))
        app.on("GET /open")(lambda: "open")
        ask = Client(app)
        self.assertEqual(
            (401, "Bearer"), (lambda one: (one.status, one.headers["www-authenticate"]))(ask.get("/x"))
        )
        self.assertEqual({"name": "till"}, ask.get("/x", headers={"Authorization": "bearer t0p"}).json())
        token = make_jwt({"sub": "till"}, "s3cret")
        self.assertEqual({"sub": "till"}, ask.get("/x", headers={"Authorization": f"Bearer {token}"}).json())
        self.assertEqual(
            401, ask.get("/x", headers={"Authorization": f"Bearer {make_jwt({}, 'other')}"}).status
        )
        self.assertEqual("open", ask.get("/open").text)

    def test_a_token_without_a_signature_is_none(self):
        import base64

        header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
        self.assertIsNone(read_jwt(f"{header}.{make_jwt({}, 'x').split('.')[1]}.", "x"))
        for text in ("", "a.b", "a.b.c", "....", "\u00e9.x.y"):
            self.assertIsNone(read_jwt(text, "x"))


def openssl(*arguments, **more):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, **more)


class Served(Quiet):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.place.cleanup)
        cls.folder = Path(cls.place.name)
        try:
            openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=localhost", "-days", "30",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem", cwd=cls.folder)  # fmt: skip
        except (OSError, subprocess.CalledProcessError):
            cls.folder = None

    def test_requests_of_one_connection(self):
        app = App("shop")
        app.on("POST /x")(lambda request: request.text() + request.query.get("a", ""))

        async def talk():
            server = Server(app)
            await server.start(("127.0.0.1", 0))
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"POST /x?a=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi" * 2)
            answers = b""
            while answers.count(b"hi1") < 2:
                answers += await reader.read(1000)
            await server.close()
            self.assertEqual(b"", await reader.read())
            writer.close()
            return answers.decode()

        self.assertEqual(
            2, len(re.findall("HTTP/1.1 200 OK.*?content-length: 3.*?hi1", asyncio.run(talk()), re.DOTALL))
        )

    def test_what_is_no_request_is_refused(self):
        cases = {
            b"nonsense\r\n\r\n": 400,
            b"GET / HTTP/1.1\r\nbad header\r\n\r\n": 400,
            b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n": 411,
            b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n": 400,
            b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n": 413,
            b"GET / HTTP/1.1\r\nX: " + b"x" * 40000 + b"\r\n\r\n": 431,
        }

        async def talk():
            server = Server(App("shop"))
            await server.start(("127.0.0.1", 0))
            found = {}
            for text in cases:
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.write(text)
                found[text] = int((await reader.readline()).split()[1])
                writer.close()
            await server.close()
            return found

        self.assertEqual(cases, asyncio.run(talk()))

    def test_clients_are_known_by_their_certificates(self):
        if self.folder is None:
            self.skipTest("openssl is not there")
        app = App("shop")
        guard(app, ClientCertificate(["local*"]))
        app.on("GET /x")(lambda request: dict(request.identity))
        file = str(self.folder / "cert.pem")
        client = ssl.create_default_context(cafile=file)

        async def ask(port):
            reader, writer = await asyncio.open_connection("localhost", port, ssl=client)
            writer.write(b"GET /x HTTP/1.1\r\nConnection: close\r\n\r\n")
            try:
                return (await reader.read()).decode()
            finally:
                writer.close()

        async def talk():
            server = Server(app, tls_context(file, self.folder / "key.pem", ca=file))
            await server.start(("127.0.0.1", 0))
            try:
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    if not await ask(server.port):
                        raise ConnectionResetError
                client.load_cert_chain(file, str(self.folder / "key.pem"))
                return await ask(server.port)
            finally:
                await server.close()

        self.assertIn('{"name":"localhost"}', asyncio.run(talk()))

    def test_the_expiry_of_certificates_is_seen(self):
        if self.folder is None:
            self.skipTest("openssl is not there")
        app = App("shop")
        app.certificates += [str(self.folder / "cert.pem"), "/nonexistent.pem"]
        good, bad = Client(app).get("/internal/state").json()["certificates"]
        shown = openssl("x509", "-noout", "-enddate", "-in", self.folder / "cert.pem", text=True).stdout
        self.assertIn(good["expires"][11:19], shown)
        self.assertIn(good["days"], (29, 30))
        self.assertIn("No such file", bad["error"])
        (self.folder / "broken.pem").write_text(
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
        )
        self.assertIn("error", certificate(self.folder / "broken.pem"))


class Daemons(unittest.TestCase):
    def run_daemon(self, text, number):
        with tempfile.TemporaryDirectory() as folder:
            text = textwrap.dedent(text).replace("FOLDER", folder)
            with subprocess.Popen([sys.executable, "-B", "-c", text], env={"PYTHONPATH": str(HERE), "PATH": os.environ["PATH"]},
                                  stdout=subprocess.PIPE, text=True) as process:  # fmt: skip
                self.assertEqual("ready\n", process.stdout.readline())
                process.send_signal(number)
                self.assertEqual("done\n", process.stdout.read())
            return process.pid, (Path(folder) / "simple_daemon.log").read_text()

    def test_passive(self):
        pid, log = self.run_daemon("""
            from cordio import SimpleDaemon
            with SimpleDaemon('MyDaemon', log_path='FOLDER') as sdh:
                print('ready', flush=True)
                while True:
                    if sdh.interrupted:
                        break
                    sdh.wait(60)
            print('done')
            """, signal.SIGTERM)  # fmt: skip
        lines = [line.split(" - ", 1)[1] for line in log.splitlines()]
        expected = [
            f"INFO - PID: {pid}",
            "DEBUG - Set signal handler: 2",
            "DEBUG - Set signal handler: 15",
            "INFO - Mode: PASSIVE",
            "INFO - interrupted == True",
            "INFO - Received 15 signal.",
        ]
        self.assertEqual([f"MyDaemon - {line}" for line in expected], lines)
        self.assertRegex(log, r"(?m)\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - ")

    def test_aggressive_as_the_original_writes_it(self):
        _, log = self.run_daemon("""
            from time import sleep as sp
            from cordio import SimpleDaemon
            try:
                with SimpleDaemon('MyDaemon', interrupted_mode=True, log_path='FOLDER/') as sdh:
                    print('ready', flush=True)
                    while True:
                        sp(60)
            except Exception as e:
                assert str(e) == 'SimpleDaemon Exit'
            print('done')
            """, signal.SIGINT)  # fmt: skip
        self.assertIn("Mode: AGGRESSIVE", log)
        self.assertRegex(log, r"Received 2 signal\.\n.*Graceful Interrupt\.\.\.\n\Z")


if __name__ == "__main__":
    unittest.main()
