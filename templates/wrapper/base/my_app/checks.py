"""What tests.yaml asks the running module."""

import json
import os
import urllib.request

ADDRESS = os.environ.get("BINDING_ADDRESS", "127.0.0.1:8003")


def answers() -> bool:
    """Is it healthy?"""
    with urllib.request.urlopen(f"http://{ADDRESS}/internal/health", timeout=10) as answer:
        return bool(json.load(answer) == {"status": "pass"})
