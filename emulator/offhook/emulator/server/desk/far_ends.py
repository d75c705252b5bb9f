"""Who is at the numbers that we call."""

import inspect
from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from offhook.actions.base import snake_case
from offhook.emulator.call.far_end import FarEnd
from offhook.emulator.server.desk.endpoint import Cannot, answer
from offhook.emulator.service.far_ends import Answers, Ivr, NeverAnswers, Rejects, Voicemail
from offhook.emulator.service.service import Service

KINDS: Mapping[str, type[FarEnd]] = {
    kind.__name__: kind for kind in (Answers, Rejects, NeverAnswers, Voicemail, Ivr)
}
DEFAULT = "default"
"""Instead of a number: whoever is everywhere else."""


async def put_far_end(service: Service, request: Request) -> Response:
    """PUT /_offhook/far-ends/{number or default}: `{"Is": "Answers", "After": 3}`."""
    number: str = request.path_params["number"]
    try:
        asked = TypeAdapter(dict[str, object]).validate_json(await request.body() or b"{}")
        kind = KINDS[str(asked.pop("Is", "Answers"))]
        given = {snake_case(name): value for name, value in asked.items()}
        far_end = TypeAdapter(kind).validate_python(given)
        unknown = given.keys() - inspect.signature(kind).parameters.keys()
    except KeyError as error:
        raise Cannot(f"Is: there is no {error}: there are {', '.join(KINDS)}") from None
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise Cannot("; ".join(faults)) from None
    if unknown:
        raise Cannot(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    if number == DEFAULT:
        service.default_far_end = far_end
    else:
        service.far_ends[number] = far_end
    return answer({"Number": number, "Is": repr(far_end)})
