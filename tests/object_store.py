"""An object store of a test's own: moto's server speaks S3 in a thread of this process."""

from __future__ import annotations

import logging
import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock


@contextmanager
def temporary_bucket(name: str = "moadb-test") -> Iterator[str]:
    """Yield the address of an empty bucket; meanwhile the AWS_* variables of this process lead to its server."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line per request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")).close()
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{name}", method="PUT")).close()
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
        with mock.patch.dict(os.environ, {"AWS_ENDPOINT_URL": endpoint, **keys}):
            yield f"s3://{name}"
    finally:
        server.stop()
