"""A small service to try ServiceCtl with: a few pages to look at, and a JSON-RPC method or two."""
import logging
import os
import time

from flask import Flask, jsonify, request

import methods

VERSION = "1.0.0"

logging.basicConfig(format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s", level=logging.INFO)

app = Flask(__name__)
app.config["JSON_AS_ASCII"] = os.environ.get("JSON_AS_ASCII", "true").lower() in ("1", "true")


@app.route("/ping", methods=["GET", "POST"])
def ping():
    """What ServiceCtl asks before it calls the service ready."""
    return jsonify(status="ok")


@app.get("/")
def about():
    return jsonify(service=os.environ.get("SERVICE_NAME", "flask-ping"), version=VERSION, pid=os.getpid())


@app.post("/")
def json_rpc():
    """JSON-RPC 2.0: one call per request."""
    return jsonify(methods.answer(request.get_json(silent=True)))


@app.get("/version")
def version():
    return VERSION


@app.get("/pid")
def pid():
    """Which worker answered."""
    return str(os.getpid())


@app.get("/slow")
def slow():
    """Takes ?seconds=N to answer: a request to have in flight while the service is stopped or reloaded."""
    seconds = min(request.args.get("seconds", default=1.0, type=float), 60.0)
    time.sleep(max(seconds, 0.0))
    return jsonify(slept=seconds, pid=os.getpid())


app.logger.info("flask-ping %s has started", VERSION)
