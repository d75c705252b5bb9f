"""DynamoDB for tests: moto's, or another one that is already there."""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

PLACE: Final = "OFFHOOK_TESTS_DYNAMODB"
"""The variable that names another DynamoDB than moto's, by its URL."""


@contextmanager
def dynamodb() -> Generator[str]:
    """Its URL."""
    if elsewhere := os.environ.get(PLACE):
        yield elsewhere
        return
    server = _server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _server() -> "BaseWSGIServer":
    from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
        create_backend_app,
    )
    from werkzeug.serving import make_server

    from offhook.emulator.s3.connection import Connection

    moto = create_backend_app("dynamodb")
    return make_server("127.0.0.1", 0, moto, threaded=True, request_handler=Connection)
