"""Services and resources."""

import asyncio
import threading
import time
import unittest

from cordio import App, Resource, Service
from cordio.rules import Policy
from cordio.testing import Client
from cordio.text import rate

from .test_app import Quiet


class Made(Quiet):
    def make(self, fails=None):
        app, seen = App("shop", healthcheck=["db_model", "config"]), []

        class Step(Service):
            async def start(self):
                seen.append(f"+{type(self).__name__}")

            def stop(self):
                seen.append(f"-{type(self).__name__}")

            async def ping(self):
                if type(self).__name__ == fails:
                    raise ConnectionError("no route to the database")

        class DbAdapter(Step):
            pass

        class DbModel(Step):
            requires = ("db_adapter", "config")

            def count(self):
                return 3

        class Unused(Step):
            pass

        for one in (DbModel, Unused, DbAdapter):
            app.service(one)

        @app.on("GET /count")
        async def count(db_model):
            return {"count": db_model.count()}

        @app.on("GET /count-now")
        def count_now(db_model):
            return {"count": db_model.count()}

        return app, seen

    def test_only_what_is_used_is_made_and_it_is_ended_in_order_of_dependence(self):
        for face in ("asgi", "wsgi"):
            with self.subTest(face=face):
                app, seen = self.make()
                ask = Client(app if face == "asgi" else app.wsgi)
                self.assertEqual([], seen)
                for path in ("/count", "/count", "/count-now"):
                    self.assertEqual({"count": 3}, ask.get(path).json())
                asyncio.run(app.stop())
                self.assertEqual(["+DbAdapter", "+DbModel", "-DbModel", "-DbAdapter"], seen)

    def test_the_health_page_names_the_part_that_fails(self):
        answer = Client(self.make()[0]).get("/healthcheck")
        self.assertEqual((200, {"status": "ok", "services": {"db_adapter": "ok", "config": "ok", "db_model": "ok"}}),
                         (answer.status, answer.json()))  # fmt: skip
        answer = Client(self.make(fails="DbAdapter")[0]).get("/healthcheck")
        self.assertEqual((503, "db_adapter"), (answer.status, answer.json()["failed"]))
        self.assertEqual("requires db_adapter", answer.json()["services"]["db_model"])
        self.assertEqual("pong", Client(self.make(fails="DbAdapter")[0]).get("/ping").text)

    def test_two_that_ask_at_once_get_the_same_one(self):
        app, made = App("shop"), []

        @app.service
        class Slow(Service):
            async def start(self):
                await asyncio.sleep(0.01)
                made.append(self)

        async def both():
            return await asyncio.gather(app.get("slow"), app.get("slow"))

        first, second = asyncio.run(both())
        self.assertIs(first, second)
        self.assertEqual(1, len(made))

    def test_plain_services_need_no_thread_under_a_server_that_ends_threads_itself(self):
        app = App("shop")

        class DbAdapter(Service):
            def ping(self):
                return None

        class DbModel(Service):
            requires = ("db_adapter",)

        for one in (DbAdapter, DbModel):
            app.services.add(one)
        before = threading.active_count()
        self.assertIs(app.get_now("db_model"), app.get_now("db_model"))
        statuses = []
        for page in ("/ping", "/healthcheck", "/internal/state"):
            app.wsgi({"wsgi.version": (1, 0), "REQUEST_METHOD": "GET", "PATH_INFO": page}, lambda status, headers: statuses.append(status[:3]))
        self.assertEqual(["200"] * 3, statuses)
        self.assertEqual(["db_adapter", "db_model"], app.services.made())
        self.assertEqual(before, threading.active_count())

    def test_a_failed_start_is_told_to_all_and_tried_again_next_time(self):
        app, tries = App("shop"), []

        @app.service
        class Db(Service):
            async def start(self):
                tries.append(1)
                await asyncio.sleep(0)
                if len(tries) == 1:
                    raise ConnectionError("not yet")

        async def ask():
            first = await asyncio.gather(app.get("db"), app.get("db"), return_exceptions=True)
            return [type(one).__name__ for one in (*first, await app.get("db"))]

        self.assertEqual(["ConnectionError", "ConnectionError", "Db"], asyncio.run(ask()))

    def test_circles_and_unknown_names_are_errors(self):
        app = App("shop")

        @app.service
        class First(Service):
            requires = ("second",)

        @app.service
        class Second(Service):
            requires = ("first",)

        with self.assertRaisesRegex(LookupError, "first -> second -> first"):
            asyncio.run(app.get("first"))
        with self.assertRaisesRegex(LookupError, "no service 'third'; there are first, second"):
            asyncio.run(app.get("third"))
        with self.assertRaisesRegex(ValueError, "always there"):
            app.services.add(dict, "config")

    def test_what_cannot_be_ended_is_no_obstacle(self):
        app, seen = App("shop"), []

        @app.service
        class Good(Service):
            def stop(self):
                seen.append("ended")

        @app.service
        class Bad(Service):
            requires = ("good",)

            def stop(self):
                raise OSError("stuck")

        async def live():
            await app.get("bad")
            return await app.stop()

        with self.assertLogs("cordio", "ERROR"):
            self.assertEqual(["stuck"], [str(error) for error in asyncio.run(live())])
        self.assertEqual(["ended"], seen)


class Resources(Quiet):
    def cache(self, is_async, failures=0):
        seen = []

        class Cache(Resource):
            idle = "20ms"
            reconnect = Policy(delay=0.001, give_up=rate("3 in 1m"))

            def open(self):
                seen.append("connect")
                if seen.count("connect") <= failures:
                    raise ConnectionRefusedError("not yet")
                return object()

            if is_async:

                async def connect(self):
                    return self.open()

                async def disconnect(self, connection):
                    seen.append("disconnect")

            else:

                def connect(self):
                    return self.open()

                def disconnect(self, connection):
                    seen.append("disconnect")

        return Cache(), seen

    def test_it_is_let_go_when_idle_and_comes_back(self):
        cache, seen = self.cache(is_async=False)
        for _ in range(2):
            with cache.use() as first, cache.use() as second:
                self.assertIs(first, second)
            until = time.monotonic() + 10
            while cache.is_connected and time.monotonic() < until:
                time.sleep(0.005)
        self.assertEqual(["connect", "disconnect"] * 2, seen)

    def test_the_same_in_a_loop(self):
        cache, seen = self.cache(is_async=True)

        async def use():
            for _ in range(2):
                async with cache.use() as first, cache.use() as second:
                    self.assertIs(first, second)
                until = time.monotonic() + 10
                while cache.is_connected and time.monotonic() < until:
                    await asyncio.sleep(0.005)

        asyncio.run(use())
        self.assertEqual(["connect", "disconnect"] * 2, seen)

    def test_connecting_is_tried_again_by_its_policy(self):
        cache, seen = self.cache(is_async=False, failures=2)
        with cache.use():
            self.assertEqual(3, len(seen))
        cache, seen = self.cache(is_async=True, failures=3)
        with self.assertRaises(ConnectionRefusedError):
            asyncio.run(cache.ping())
        self.assertEqual(3, len(seen))

    def test_a_lost_connection_is_made_again_at_the_next_use(self):
        cache, seen = self.cache(is_async=False)
        with self.assertRaises(BrokenPipeError), cache.use():
            raise BrokenPipeError("gone")
        with cache.use():
            pass
        cache.stop()
        self.assertEqual(["connect", "disconnect", "connect", "disconnect"], seen)


if __name__ == "__main__":
    unittest.main()
