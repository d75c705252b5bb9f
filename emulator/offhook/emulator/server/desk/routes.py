"""Where everything is, below `/_offhook`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from offhook.emulator.server.api.operations import find
from offhook.emulator.server.desk import breaking, calls, far_ends, legs
from offhook.emulator.server.desk.endpoint import Respond, answer, guarded
from offhook.emulator.service.service import Service

TABLE: tuple[tuple[str, str, Respond], ...] = (
    ("POST", "/calls", calls.dial),
    ("GET", "/calls", calls.list_calls),
    ("GET", "/calls/{transaction_id}", calls.show),
    ("GET", "/calls/{transaction_id}/ladder", calls.ladder),
    ("POST", "/calls/{transaction_id}/legs/{tag}", legs.act),
    ("GET", "/calls/{transaction_id}/legs/{tag}/hears", legs.hear),
    ("PUT", "/far-ends/{number}", far_ends.put_far_end),
    ("PUT", "/bots/{bot_alias_arn:path}", far_ends.put_bot),
    ("POST", "/failures", breaking.fail),
    ("GET", "/failures", breaking.failures),
    ("DELETE", "/failures", breaking.forget_failures),
    ("POST", "/action-failures", breaking.fail_action),
    ("POST", "/faults", breaking.put_fault),
    ("GET", "/faults", breaking.faults),
    ("DELETE", "/faults", breaking.forget_faults),
    ("GET", "/recordings", calls.recordings),
)


async def about(service: Service, _request: Request) -> Response:
    """GET /_offhook: what is at this desk."""
    applications = service.account.holdings.applications
    return answer(
        {
            "Numbers": list(service.account.numbers),
            "SipMediaApplications": {key: app.name for key, app in applications.items()},
            "ActiveCalls": service.active_calls(),
            "S3": service.s3.endpoint if service.s3 is not None else None,
            "Operations": sorted(find()),
            "Desk": [f"{method} /_offhook{path}" for method, path, _ in TABLE],
        }
    )


def routes(service: Service) -> list[Route]:
    """All paths below /_offhook, with what answers each."""
    return [
        Route(f"/_offhook{path}", guarded(endpoint, service), methods=[method])
        for method, path, endpoint in (("GET", "", about), *TABLE)
    ]
