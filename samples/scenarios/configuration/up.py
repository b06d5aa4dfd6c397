"""How a configuration is composed: files, sections, .env, defaults; and how each part gets the slice that it needs."""

from dataclasses import dataclass
from typing import Optional

from cordio import App

app = App("configuration")


@dataclass
class Db:
    host: str
    port: int = 5432
    password: Optional[str] = None
    timeout: float = 3.0


@app.service
class Store:
    """Gets its slice, validated; nobody passes the values through."""

    def __init__(self, config):
        self.db = config.slice("db", Db)


@app.on("GET /db")
async def show(store):
    return {"host": store.db.host, "port": store.db.port, "timeout": store.db.timeout}


@app.on("GET /limits")
async def limits(config):
    return config.slice("limits")


@app.on("GET /")
async def index(config):
    return f"{config['greeting']}\n"


if __name__ == "__main__":
    raise SystemExit(app.run())
