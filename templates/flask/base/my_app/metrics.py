"""Figures for Prometheus, of all worker processes together."""

import os
import time
from typing import Dict, Tuple

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("requests_total", "Requests that were answered.", ["method", "status"])
SECONDS = Histogram("request_seconds", "How long they took.", ["method"])


def measure(app: Flask) -> None:
    """Count and time the requests of an application, and answer /metrics."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(answer: Response) -> Response:
        REQUESTS.labels(request.method, answer.status_code).inc()
        SECONDS.labels(request.method).observe(time.perf_counter() - g.began)
        return answer

    @app.get("/metrics")
    def metrics() -> Tuple[bytes, int, Dict[str, str]]:
        return collect(), 200, {"Content-Type": CONTENT_TYPE_LATEST}


def collect() -> bytes:
    """Write the figures: of all processes where PROMETHEUS_MULTIPROC_DIR is set, else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
