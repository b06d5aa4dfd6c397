"""Layers, rules and retries."""

import asyncio
import json
import os
import unittest

from cordio import App, Jump, Service, config, layer, monitor, retry
from cordio.layers import next_wait
from cordio.monitor import collecting
from cordio.rules import Policy, Rules
from cordio.testing import Client


class Ruled(unittest.TestCase):
    """With rules, and with points off."""

    def rules(self, *rules):
        config.use(
            config.Config(
                {"service": {"on_failure": list(rules)}, "cordio": {"points": "off"}},
                handed={"service": "shop"},
            )
        )
        monitor.reset()
        self.addCleanup(monitor.reset)
        self.addCleanup(config.use, None)

    def both(self, function):
        """The function as it is, and as a coroutine function."""

        async def as_async(*arguments):
            return function(*arguments)

        yield lambda make: make(function)
        yield lambda make: lambda: asyncio.run(make(as_async)())


class Layers(Ruled):
    def test_without_a_rule_it_goes_on_up(self):
        self.rules()
        with self.assertRaises(KeyError):
            layer("x")(dict().__getitem__)("missing")

    def test_an_ignored_one_gives_the_default_also_to_derived_ones(self):
        self.rules({"match": {"layer": "rates", "exception": "OSError"}, "do": "ignore"})

        def fails():
            raise ConnectionResetError("gone")

        for make in self.both(fails):
            self.assertEqual(1.0, make(layer("rates", default=1.0))())
        with layer("rates"):
            raise OSError("swallowed")
        with self.assertRaises(ConnectionResetError):
            layer("other")(fails)()

    def test_it_is_tried_again_as_the_rule_says(self):
        self.rules(
            {
                "match": {"layer": "db", "exception": "OSError"},
                "do": "retry",
                "retry": {"delay": 0, "give_up": "3 in 1m"},
            }
        )
        tries = []

        def fails():
            tries.append(1)
            if len(tries) < 3:
                raise OSError("not yet")
            return len(tries)

        for make in self.both(fails):
            tries.clear()
            self.assertEqual(3, make(layer("db"))())

        def never():
            tries.append(1)
            raise OSError("never")

        for make in self.both(never):
            tries.clear()
            with self.assertRaises(OSError):
                make(layer("db"))()
            self.assertEqual(3, len(tries))

    def test_it_goes_on_at_the_layer_that_is_named(self):
        self.rules({"match": {"layer": "bank"}, "do": {"jump": "order"}, "code": "BANK"})

        @layer("bank")
        def charge():
            raise TimeoutError("no answer")

        @layer("middle")
        def middle():
            charge()
            return "charged"

        @layer("order", fallback=lambda error: f"on account: {error}")
        def order():
            return middle()

        self.assertEqual("on account: no answer", order())
        with self.assertRaises(TimeoutError):
            middle()  # there is no such layer above
        self.assertIsInstance(Jump("order", ValueError("x")), Exception)

    def test_the_nearest_one_catches(self):
        self.rules({"match": {"layer": "inner"}, "do": "ignore"}, {"match": {"layer": "*"}, "do": "stop"})
        outer = layer("outer")(lambda: layer("inner", default="inner")(lambda: 1 / 0)())
        self.assertEqual("inner", outer())

    def test_stop_ends_the_process_softly_and_is_raised(self):
        self.rules({"match": {"layer": "bank", "exception": "MemoryError"}, "do": "stop"})
        app, stopped = App("shop"), []
        app.request_stop = lambda: stopped.append(1)

        def fails():
            raise MemoryError

        with self.assertRaises(MemoryError):
            layer("bank")(fails)()
        self.assertEqual([1], stopped)

    def test_methods_of_services_are_layers(self):
        self.rules({"match": {"layer": "rates", "exception": "OSError"}, "do": "retry", "retry": {"delay": 0}})

        class Rates(Service):
            tries = 0

            def of(self, currency):
                self.tries += 1
                if self.tries < 2:
                    raise OSError("busy")
                return f"{currency} {self.tries}"

        self.assertEqual("EUR 2", Rates().of("EUR"))

    def test_what_was_done_is_recorded_once(self):
        self.rules({"match": {"layer": "bank"}, "do": "record", "code": "BANK-1", "text": "{service}: {cause}"},
                   {"match": {"layer": "order"}, "do": "record"})  # fmt: skip
        config.current()._values["cordio"]["points"] = "stderr"
        monitor.reset()
        inner = layer("bank")(lambda: 1 / 0)
        with collecting() as records, self.assertRaises(ZeroDivisionError):
            layer("bank")(inner)()
        self.assertEqual(1, len(records))
        data = records[0]["data"]
        self.assertEqual(
            ("BANK-1", "shop: ZeroDivisionError: division by zero", "record"),
            (data["code"], data["text"], data["action"]),
        )
        self.assertIn("test_failures.py", data["place"])


class Answers(Ruled):
    def answer(self, rule, face="asgi"):
        self.rules(rule)
        app = App("shop")

        @app.on("GET /x")
        async def handle():
            raise ConnectionError("db")

        return Client(app if face == "asgi" else app.wsgi).get("/x")

    def test_a_rule_says_what_is_answered(self):
        rule = {"name": "db", "match": {"exception": "ConnectionError"}, "do": "restart", "code": "DB-1",
                "respond": {"status": 503, "retry_after": "2m", "body": '{"code": "{code}", "by": "{rule}"}'}}  # fmt: skip
        for face in ("asgi", "wsgi"):
            with self.assertLogs("cordio", "ERROR") as logs:
                answer = self.answer(rule, face=face)
            self.assertEqual(
                (503, "120", "application/json"),
                (answer.status, answer.headers["retry-after"], answer.headers["content-type"]),
            )
            self.assertEqual({"code": "DB-1", "by": "db"}, answer.json())
            self.assertIn("(DB-1)", logs.output[0])

    def test_the_printed_name_decides_where_no_layer_is_named(self):
        with self.assertLogs("cordio", "ERROR"):
            self.assertEqual(
                500, self.answer({"match": {"exception": "OSError"}, "respond": {"status": 503}}).status
            )

    def test_an_ignored_one_is_not_logged(self):
        with self.assertNoLogs("cordio") if hasattr(self, "assertNoLogs") else self.subTest():
            answer = self.answer(
                {
                    "match": {"exception": "ConnectionError"},
                    "do": "ignore",
                    "respond": {"status": 202, "body": "later"},
                }
            )
        self.assertEqual((202, "later"), (answer.status, answer.text))
        layered = {"match": {"layer": "GET /*", "exception": "OSError"}, "do": "ignore"}
        self.assertEqual(204, self.answer(layered).status)

    def test_a_whole_request_is_tried_again(self):
        self.rules(
            {"match": {"layer": "handler", "exception": "OSError"}, "do": "retry", "retry": {"delay": 0}}
        )
        app, tries = App("shop"), []

        @app.on("GET /x")
        async def handle():
            tries.append(1)
            if len(tries) < 3:
                raise OSError
            return {"tries": len(tries)}

        self.assertEqual({"tries": 3}, Client(app).get("/x").json())


class RulesOfBothSides(Ruled):
    def test_rules_that_are_the_agents_alone_are_passed_over(self):
        rules = Rules(
            [
                {"match": {"exit": [2, 78]}},
                {"match": {"event": "given_up"}},
                {"match": {"exception": "E", "phase": "start"}},
                {},
            ]
        )
        self.assertEqual(0, len(rules))

    def test_a_rate_counts_and_begins_again(self):
        now = [0.0]
        rules = Rules(
            [{"name": "often", "match": {"exception": "OSError", "rate": "3 in 1m"}}], clock=lambda: now[0]
        )
        found = []
        for now[0] in (0, 10, 20, 30, 40, 50, 200, 261, 262):
            found.append(rules.find(OSError()) is not None)
        self.assertEqual([False, False, True, False, False, True, False, False, False], found)

    def test_retries_are_those_of_the_named_rule(self):
        self.rules(
            {
                "name": "db",
                "match": {"exception": "OSError", "layer": "db"},
                "do": "retry",
                "retry": {"delay": 0, "give_up": "2 in 1m"},
            }
        )
        tries = []

        def fails(error=OSError):
            tries.append(1)
            raise error

        for make in self.both(fails):
            tries.clear()
            with self.assertRaises(OSError):
                make(retry("db"))()
            self.assertEqual(2, len(tries))
        tries.clear()
        with self.assertRaises(KeyError):
            retry("db")(fails)(KeyError)
        self.assertEqual(1, len(tries))
        with self.assertRaisesRegex(LookupError, "no rule named 'other'"):
            retry("other")(fails)()

    def test_waits_are_those_of_the_agent(self):
        """The same table is read by the engine's tests."""
        path = os.path.join(os.path.dirname(__file__), "waits.json")
        with open(path, encoding="utf-8") as file:
            cases = json.load(file)
        for case in cases:
            policy, failures, waits = Policy.of(case["retry"]), [], []
            for at in case["at"]:
                wait = next_wait(Policy(**{**vars(policy), "jitter": 0.0}), failures, at)
                waits.append(wait)
            with self.subTest(case=case):
                self.assertEqual(case["waits"], waits)


if __name__ == "__main__":
    unittest.main()
