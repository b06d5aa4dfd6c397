"""The five scenarios of samples/scenarios, each with the configuration in its folder."""

import asyncio
import importlib.util
import os
import time
import unittest
from pathlib import Path

from cordio import config, monitor
from cordio.testing import Client

SCENARIOS = Path(__file__).resolve().parents[3] / "samples" / "scenarios"


@unittest.skipUnless(SCENARIOS.is_dir(), "the samples are elsewhere")
class Scenarios(unittest.TestCase):
    def load(self, name, points="off"):
        try:
            import yaml  # noqa: F401
        except ImportError:
            if name != "defaults":
                self.skipTest("PyYAML is not there")
        found = config.load(SCENARIOS / name)
        values = found.values()
        values.setdefault("cordio", {})["points"] = points
        config.use(config.Config(values, found.origin, {"service": name}))
        monitor.reset()
        self.addCleanup(monitor.reset)
        self.addCleanup(config.use, None)
        spec = importlib.util.spec_from_file_location(f"scenario_{name}", SCENARIOS / name / "up.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module, Client(module.app)

    def test_configuration(self):
        os.environ["SERVICECTL__DB__PORT"] = "6432"
        self.addCleanup(os.environ.pop, "SERVICECTL__DB__PORT")
        _, ask = self.load("configuration")
        self.assertEqual({"host": "localhost", "port": 6432, "timeout": 3.0}, ask.get("/db").json())
        self.assertEqual("Hello, world\n", ask.get("/").text)

    def test_defaults(self):
        _, ask = self.load("defaults")
        self.assertEqual("pong", ask.get("/ping").text)
        self.assertEqual({"status": "ok", "services": {}}, ask.get("/healthcheck").json())
        self.assertEqual("defaults", ask.get("/internal/state").json()["service"])

    def test_retries(self):
        module, ask = self.load("retries")
        self.assertEqual({"currency": "USD", "rate": 1.1}, ask.get("/rate/USD").json())
        self.assertEqual(([], []), (module.refusals, module.drops))
        with self.assertLogs("cordio", "ERROR"):
            answer = ask.get("/report")
        self.assertEqual((503, "30", 3), (answer.status, answer.headers["retry-after"], len(module.calls)))

    def test_failures(self):
        module, ask = self.load("failures")
        self.assertEqual({"rate": 1.0}, ask.get("/rate").json())
        self.assertEqual({"paid": "on account"}, ask.post("/pay").json())
        self.assertEqual("PAY-1", ask.post("/pay?amount=0").json()["error"]["code"])
        stopped = []
        module.app.request_stop = lambda: stopped.append(1)
        with self.assertLogs("cordio", "ERROR"):
            answer = ask.get("/orders")
            self.assertEqual(500, ask.post("/close").status)
        self.assertEqual({"code": "DB-1", "message": "failures can't reach its database"}, answer.json())
        self.assertEqual((503, "60", [1]), (answer.status, answer.headers["retry-after"], stopped))

    def test_monitoring(self):
        module, ask = self.load("monitoring", points="auto")
        with open(os.devnull, "w") as nowhere:  # the points themselves are what test_monitor is about
            kept = os.dup(2)
            os.dup2(nowhere.fileno(), 2)
            try:
                self.assertEqual("ok", ask.get("/healthcheck").json()["status"])
                self.assertEqual(201, ask.post("/orders").status)
                with monitor.collecting() as records:
                    asyncio.run(module.order(module.Shelf(), None, config.current()))
            finally:
                os.dup2(kept, 2)
                os.close(kept)
        names = [(record["name"], record.get("stage")) for record in records]
        self.assertEqual(
            [
                ("shelf.take", "picking"),
                ("picking", None),
                ("bank.charge", "payment"),
                ("payment", None),
                ("order.paid", None),
            ],
            names,
        )
        until = time.monotonic() + 10
        while ask.get("/facts").json() != ["order.paid"] and time.monotonic() < until:
            time.sleep(0.01)
        self.assertEqual(["order.paid"], ask.get("/facts").json())
        monitor.remove_sink("database")


if __name__ == "__main__":
    unittest.main()
