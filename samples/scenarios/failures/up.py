"""Work on errors: what is ignored, where it goes on, what is answered, and when the process ends."""

from cordio import App, HttpError, layer

app = App("failures")


class DatabaseDown(Exception):
    pass


@layer("rates", default=1.0)
def rate():
    raise ConnectionError("no rates today")  # ignored: the default counts


@layer("charge")
def charge(amount):
    raise TimeoutError("the bank does not answer")  # jumps to the layer `payment`


@layer("payment", fallback=lambda error: "on account")
def pay(amount):
    charge(amount)
    return "charged"


@app.on("GET /rate")
async def show_rate():
    return {"rate": rate()}


@app.on("POST /pay")
async def make_payment(amount: int = 1):
    if amount < 1:
        raise HttpError(422, "amount should be positive", code="PAY-1")
    return {"paid": pay(amount)}


@app.on("GET /orders")
async def orders():
    raise DatabaseDown("connection refused")  # answered as the rule `db` says, and logged


@app.on("POST /close")
async def close():
    with layer("ledger"):
        raise MemoryError("the ledger is full")  # ends the process softly; the agent starts it again


if __name__ == "__main__":
    raise SystemExit(app.run())
