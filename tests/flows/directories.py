"""A directory of patients on this machine, with one answer to whoever asks."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@contextmanager
def answering(status: int, said: object) -> Generator[str]:
    """Its URL. With the status 0 it never answers."""
    is_over = Event()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not status:
                is_over.wait()
                return
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
