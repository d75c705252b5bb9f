"""The Runtime API on a port of loopback, served in the thread that waits for the function.

Nothing is served between two invocations: Lambda freezes an environment then, and so a runtime
that asks for its next event just waits. What a client sends lies in its socket until then.
"""

import selectors
import socket
import struct
from collections.abc import Callable

from offhook.emulator.clock import stopwatch
from offhook.emulator.function.fault import MAX_PAYLOAD
from offhook.emulator.function.http_server import Conversation
from offhook.emulator.function.output import Output
from offhook.emulator.function.runtime_api import RuntimeApi

TEN_SECONDS = struct.pack("ll", 10, 0)
"""How long a client may take to read what it is sent, as the system wants to be told."""
A_MOMENT = struct.pack("ll", 0, 20_000)
"""How long we listen to one client alone (20 ms), before we look after everything else."""
LOOK_SECONDS = 0.05
"""How often we look whether the process is still there, while nothing comes from it."""


class RuntimeServer:
    """Sockets around a `RuntimeApi`, and the pipe with what the function writes."""

    def __init__(self, api: RuntimeApi, output: Output) -> None:
        self._api = api
        self._output = output
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        host, port = self._listener.getsockname()
        self.address = f"{host}:{port}"
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(output.read_end, selectors.EVENT_READ, self._read_output)
        self._connections: set[socket.socket] = set()
        self._latest: Callable[[], bool] | None = None

    def serve(self, until: Callable[[], bool], is_running: Callable[[], bool], by: float) -> None:
        """Answer whatever comes until something holds, the process is gone, or it is `by` (in
        seconds of `stopwatch`)."""
        while self._latest is not None and not until() and stopwatch() < by:
            if not self._latest():  # a warm runtime has one connection, and keeps to it
                break
        while not until():
            left = by - stopwatch()
            if left <= 0:
                return
            ready = self._selector.select(min(left, LOOK_SECONDS))
            for key, _ in ready:
                key.data()
            if not ready and not is_running():
                break
        self._output.read()  # it was written before the reply was sent

    def close(self) -> None:
        """Hang up on everybody, and close the port."""
        self._selector.close()
        for connection in self._connections:
            connection.close()
        self._listener.close()

    def _read_output(self) -> None:
        if not self._output.read():
            self._selector.unregister(self._output.read_end)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return  # gone before we came
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(True)  # we read when there is something, and write a little
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, TEN_SECONDS)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, A_MOMENT)

        def write(data: bytes) -> None:
            try:
                connection.sendall(data)
            except OSError:
                return  # who has hung up hears nothing

        conversation = Conversation(self._api.answer, write, max_body=MAX_PAYLOAD)
        self._connections.add(connection)

        def hear() -> bool:
            return self._hear(connection, conversation)

        self._latest = hear
        self._selector.register(connection, selectors.EVENT_READ, hear)

    def _hear(self, connection: socket.socket, conversation: Conversation) -> bool:
        """Whether something was said."""
        try:
            data = connection.recv(32 * 1024)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if data:
            conversation.hears(data)
        if data and not conversation.is_over:
            return True
        self._latest = None
        self._selector.unregister(connection)
        self._connections.discard(connection)
        connection.close()
        return False
