"""AMQP against a real broker: CORDIO_TEST_AMQP=amqp://guest:guest@127.0.0.1:5672/ names it; without it nothing is tried."""

import asyncio
import os
import unittest
import uuid
from dataclasses import dataclass

from cordio import App, config, monitor
from cordio.amqp import Amqp, url
from cordio.monitor import add_sink, drain, remove_sink
from cordio.facts import to_queue


@dataclass
class Order:
    id: int


class Urls(unittest.TestCase):
    def test_the_keys_of_the_ready_made_block_are_understood(self):
        settings = {
            "host": "mq",
            "port": 5671,
            "vhost": "a/b",
            "user": "me",
            "password": "p@w",
            "tls": True,
            "heartbeat": 60,
        }
        self.assertEqual("amqps://me:p%40w@mq:5671/a%2Fb?heartbeat=60", url(settings))
        self.assertEqual("amqp://x", url({"url": "amqp://x", "host": "y"}))
        self.assertEqual("amqp://guest:guest@localhost:5672/", url(None))


@unittest.skipUnless(os.environ.get("CORDIO_TEST_AMQP"), "no broker is named")
class Broker(unittest.TestCase):
    def setUp(self):
        config.use(
            config.Config({"amqp": {"url": os.environ["CORDIO_TEST_AMQP"]}, "cordio": {"points": "off"}})
        )
        monitor.reset()
        self.addCleanup(monitor.reset)
        self.addCleanup(config.use, None)

    def test_messages_are_handled_acknowledged_delivered_once_more_and_rejected(self):
        name, app, seen, tries = uuid.uuid4().hex, App("t"), [], []
        app.service(Amqp)

        @app.on(f"amqp orders-{name}", prefetch=5, arguments={"x-expires": 60_000})
        async def order(order: Order, request, amqp):
            seen.append(order.id)
            await amqp.publish(f"invoices-{name}", {"order": order.id})

        @app.on(f"amqp invoices-{name}")
        async def invoice(request):
            seen.append(request.json())

        @app.on(f"amqp bad-{name}")
        async def bad():
            tries.append(1)
            raise ValueError("bad")

        async def live():
            await app.start()
            amqp = await app.get("amqp")
            add_sink("queue", to_queue(lambda record: amqp.publish(f"bad-{name}", record)))
            connection = app._amqp._connection
            try:
                channel = await connection.channel()
                exchange = channel.default_exchange
                import aio_pika

                for body in (b'{"id": 1}', b'{"id": "x"}', b'{"id": 2}'):
                    await exchange.publish(aio_pika.Message(body), routing_key=f"orders-{name}")
                monitor.fact("published")
                for _ in range(400):
                    await asyncio.sleep(0.02)
                    if len(seen) >= 4 and len(tries) >= 2:
                        break
                self.assertTrue(await asyncio.get_running_loop().run_in_executor(None, drain))
            finally:
                remove_sink("queue")
                channel = await connection.channel()
                for queue in ("invoices", "bad"):
                    await channel.queue_delete(f"{queue}-{name}")
                await app.stop()

        with self.assertLogs("cordio", "ERROR") as logs:
            asyncio.run(live())
        self.assertEqual([1, 2], sorted(one for one in seen if isinstance(one, int)))
        self.assertEqual(
            [{"order": 1}, {"order": 2}], sorted((one for one in seen if isinstance(one, dict)), key=str)
        )
        self.assertEqual(2, len(tries))
        self.assertEqual(1, sum("refused: id should be an integer" in line for line in logs.output))


if __name__ == "__main__":
    unittest.main()
