"""Where the documents are: `/_offhook/documents` lists them, and each is JSON and a page."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from offhook.emulator.server.documents.page import page

Documents: TypeAlias = Mapping[str, Callable[[], dict[str, Any]]]
"""How each is made, by its name."""

WHERE = "/_offhook/documents"
ALONE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def routes(documents: Documents) -> list[Route]:
    """Where each document is served, and a page that shows them."""

    async def listed(_request: Request) -> Response:
        return JSONResponse({name: f"{WHERE}/{name}.json" for name in documents})

    async def shown(request: Request) -> Response:
        name, _, suffix = str(request.path_params["name"]).partition(".")
        if name not in documents or suffix not in ("", "json"):
            there = ", ".join(f"{WHERE}/{each}" for each in documents)
            return JSONResponse({"Message": f"there is no such document: there are {there}"}, 404)
        document = documents[name]()
        return JSONResponse(document) if suffix else HTMLResponse(page(document), headers=ALONE)

    return [Route(WHERE, listed), Route(f"{WHERE}/{{name}}", shown)]
