"""Monitoring: points, stages and facts; what is masked and suppressed; health and state."""

import sqlite3

from cordio import App, Service, fact, point, shaping, stage
from cordio.facts import to_database
from cordio.monitor import add_sink

app = App("monitoring", version="1.0.0", healthcheck=["shelf", "config"])
facts = sqlite3.connect(":memory:", check_same_thread=False)
add_sink("database", to_database(lambda: facts))


@app.service
class Shelf(Service):
    """What /healthcheck depends on."""

    def ping(self):
        if not self.take("tea"):
            raise LookupError("the shelf is empty")

    def take(self, item):
        with point("cache.look-up", item=item):  # suppressed by the configuration
            return {"tea": 3}.get(item)


@app.on("POST /orders")
async def order(shelf, request, config):
    with stage("picking"), point("shelf.take", item="tea") as taking:
        taking["count"] = shelf.take("tea")
    with stage("payment"), point("bank.charge", token=config["api_token"]):  # masked by its name
        pass
    with shaping(suppress=["*"]):
        with point("noise"):
            pass
    fact("order.paid", item="tea")
    return {"ordered": "tea"}, 201


@app.on("GET /facts")
async def show():
    return [name for (name,) in facts.execute("select name from facts order by rowid")]


@app.on("every 1h")
async def count(shelf):
    ...


if __name__ == "__main__":
    raise SystemExit(app.run())
