"""AMQP: handlers of queues, and an adapter to publish; needs aio-pika.

>>> from cordio import App
>>> app = App("shop")
>>> @app.on("amqp orders", prefetch=10)
... async def order(request, amqp):
...     await amqp.publish("invoices", {"order": request.json()["id"]})

``amqp`` is the service :class:`Amqp`, added with ``app.service(Amqp)``. The connection is ``amqp`` in the configuration: an URL, or
the keys that ``service.use: amqp`` brings. A message is acknowledged once its handler has ended. If that fails, it is
delivered once more; if it fails again, it is rejected, and goes where the queue's dead letters go.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, ClassVar, List, Mapping, Optional, Union
from urllib.parse import quote

from . import config, monitor
from .handlers import Handler
from .http import Request
from .models import ValidationError, to_plain
from .rules import Policy
from .services import Resource, parameters
from .text import duration

if TYPE_CHECKING:
    from .app import App

log = logging.getLogger("cordio")


def url(settings: Union[str, Mapping[str, Any], None]) -> str:
    """Return the URL of a broker.

    Examples
    --------
    >>> url({"host": "mq", "user": "me", "password": "a/b"})
    'amqp://me:a%2Fb@mq:5672/'
    """
    if isinstance(settings, str):
        return settings
    given = settings or {}
    if given.get("url"):
        return str(given["url"])
    who = quote(str(given.get("user", "guest")), safe="")
    word = quote(str(given.get("password", "guest")), safe="")
    vhost = str(given.get("vhost", "/"))
    path = "" if vhost == "/" else quote(vhost, safe="")
    scheme = "amqps" if given.get("tls") else "amqp"
    pulse = f"?heartbeat={duration(given['heartbeat']):.0f}" if given.get("heartbeat") else ""
    return f"{scheme}://{who}:{word}@{given.get('host', 'localhost')}:{given.get('port', 5672)}/{path}{pulse}"


async def connect() -> Any:
    """Connect to the broker of the configuration; the connection comes back by itself when it is lost."""
    import aio_pika

    return await aio_pika.connect_robust(
        url(config.get("amqp")), reconnect_interval=duration(config.get("amqp.reconnect_delay", "5s"))
    )


class Amqp(Resource):
    """A connection to a broker; connects when needed, and comes back by itself."""

    name: ClassVar[Optional[str]] = "amqp"
    reconnect: ClassVar[Union[Policy, str]] = Policy()

    async def connect(self) -> Any:
        """Connect."""
        return await connect()

    async def publish(self, queue: str, message: Any, headers: Optional[Mapping[str, Any]] = None) -> None:
        """Put a message into a queue: bytes, a text, or what JSON can hold. It is on disk when this returns."""
        import aio_pika

        plain = message if isinstance(message, (bytes, str)) else json.dumps(to_plain(message))
        body = plain.encode() if isinstance(plain, str) else plain
        async with self.use() as connection:
            async with connection.channel() as channel:
                await channel.declare_queue(queue, durable=True)
                made = aio_pika.Message(
                    body,
                    headers={
                        **(headers or {}),
                        **({"traceparent": monitor.traceparent()} if monitor.traceparent() else {}),
                    },
                    content_type="application/json" if not isinstance(message, (bytes, str)) else None,
                    delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                )
                await channel.default_exchange.publish(made, routing_key=queue)


class Consumers:
    """Runs the handlers of queues; the App makes it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._connection: Any = None
        self._consumed: List[Any] = []

    async def start(self) -> None:
        """Connect, and consume."""
        try:
            self._connection = await connect()
        except ImportError:
            raise RuntimeError(
                "handlers of amqp need aio-pika: install it (python3-aio-pika on Debian)"
            ) from None
        for handler in self._app.handlers:
            if handler.event.startswith("amqp "):
                channel = await self._connection.channel()
                await channel.set_qos(
                    prefetch_count=int(handler.settings.get("prefetch", config.get("amqp.prefetch", 10)))
                )
                queue = await channel.declare_queue(
                    handler.event.split(" ", 1)[1], durable=True, arguments=handler.settings.get("arguments")
                )
                tag = await queue.consume(self._consumer(handler))
                self._consumed.append((queue, tag))

    async def stop(self) -> None:
        """Take no more messages; those that are being handled are tasks of the App, and awaited as such."""
        for queue, tag in self._consumed:
            await queue.cancel(tag)
        self._consumed = []
        await self._app._await_tasks()
        if self._connection is not None:
            await self._connection.close()

    def _consumer(self, handler: Handler) -> Any:
        async def consume(message: Any) -> None:
            await self._app.spawn(self._handle(handler, message), handler.event)  # type: ignore[misc]

        return consume

    async def _handle(self, handler: Handler, message: Any) -> None:
        headers = {str(key).lower(): str(value) for key, value in (message.headers or {}).items()}
        point = monitor.Inbound({"queue": handler.event.split(" ", 1)[1]}, headers.get("traceparent"), "amqp")
        request = Request(
            "AMQP", handler.event.split(" ", 1)[1], headers=headers, body=message.body, native=message
        )
        try:
            await handler.call(
                self._app, request, {"message": message} if "message" in parameters(handler.function) else None
            )
            await message.ack()
        except ValidationError as error:  # it will not be better next time
            point.error = error
            log.error("Message of %s refused: %s", request.path, error)
            await message.reject(requeue=False)
        except Exception as error:
            point.error = error
            log.error("Exception on %s [AMQP]", request.path, exc_info=error)
            await message.reject(requeue=not message.redelivered)
        finally:
            point.close()
            point.flush()
