"""Retries: of a connection that is lost, of a call, by a rule of the configuration and by one in the code."""

from cordio import App, Resource, retry

app = App("retries")

# What a bank does on a bad day: it refuses the first two connections, and drops the first call.
refusals, drops = [1, 2], [1]


@app.service
class Bank(Resource):
    idle = "30s"
    reconnect = "bank"  # the rule of this name

    async def connect(self):
        if refusals:
            refusals.pop()
            raise ConnectionRefusedError("the bank is closed")
        return {"EUR": 1.0, "USD": 1.1}

    async def rate(self, currency):  # a layer of its name: `match: {layer: bank}`
        async with self.use() as connection:
            if drops:
                drops.pop()
                raise ConnectionResetError("the line was dropped")
            return connection[currency]


@app.on("GET /rate/{currency}")
async def rate(currency: str, bank):
    return {"currency": currency, "rate": await bank.rate(currency)}


@retry(on=TimeoutError, delay="10ms", give_up="3 in 1m")
async def slow_report():
    calls.append(1)
    raise TimeoutError("no report")


calls = []


@app.on("GET /report")
async def report():
    await slow_report()


if __name__ == "__main__":
    raise SystemExit(app.run())
