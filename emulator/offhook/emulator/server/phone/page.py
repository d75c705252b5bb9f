"""The page, its files, and the socket of each that is open."""

from typing import Final

from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from offhook.emulator.server.desk.endpoint import Cannot, call_of
from offhook.emulator.server.phone.line import Line
from offhook.emulator.server.phone.switchroom import Switchroom
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.retold import retold
from offhook.emulator.viewer.files import FILES

PATH: Final = "/_offhook/phone/"

_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "media-src 'self'; img-src 'self' data:; frame-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Nothing is asked of any other machine."""
_MAP_HEADERS: Final = {**_HEADERS, "Content-Security-Policy": "frame-ancestors 'self'"}
"""What else a map may do, it says itself."""


def routes(room: Switchroom) -> list[BaseRoute]:
    """The page at `/`, its files, its socket."""

    async def go_there(_request: Request) -> Response:
        return RedirectResponse(PATH)

    async def story(request: Request) -> Response:
        """What somebody did in a call, as a test."""
        try:
            call = call_of(room.service, request)
            if not call.has_ended:
                raise Cannot("the call goes on: a story is told when it is over", 409)
        except Cannot as cannot:
            return PlainTextResponse(f"{cannot}\n", cannot.status)
        far_ends, usual = room.service.far_ends, room.service.far_ends.get(DEFAULT)
        faults = room.faults.get(call.transaction_id, ())
        return PlainTextResponse(retold(call, lambda to: far_ends.get(to, usual), faults))

    async def drawn_map(request: Request) -> Response:
        """The map that was asked for in a call."""
        try:
            made = room.atlas.of(call := call_of(room.service, request))
            if made is None:
                raise Cannot(f"nobody has asked for the map of {call.transaction_id} yet", 404)
            return HTMLResponse(made.page(), headers=_MAP_HEADERS)
        except Cannot as cannot:
            return PlainTextResponse(f"{cannot}\n", cannot.status)

    async def line(socket: WebSocket) -> None:
        await Line(room, socket).live()

    return [
        Route("/", go_there),
        Route(PATH.rstrip("/"), go_there),
        Route(PATH, _file),
        Route(f"{PATH}stories/{{transaction_id}}", story),
        Route(f"{PATH}maps/{{transaction_id}}", drawn_map),
        Route(f"{PATH}{{name}}", _file),
        WebSocketRoute(f"{PATH}line", line),
    ]


async def _file(request: Request) -> Response:
    name: str = request.path_params.get("name", "phone.html")
    if name not in FILES:
        return Response(f"the phone has no file {name}\n", 404, media_type="text/plain")
    return FileResponse(FILES[name], headers=_HEADERS)
