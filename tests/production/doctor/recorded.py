"""Two services that moto has only with more than a checkout installs, or not at all.

CloudFormation's ListStackResources and ListServiceQuotas, in the words of their protocols.
"""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from xml.sax.saxutils import escape


@dataclass
class Recorded:
    """What they say. Denied is what nobody may ask."""

    stacks: dict[str, list[tuple[str, str] | tuple[str, str, str]]] = field(
        default_factory=dict[str, list[tuple[str, str] | tuple[str, str, str]]]
    )
    """By a stack's name, its resources: type, physical id, and what became of it (created)."""
    quotas: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    denied: set[str] = field(default_factory=set[str])
    endpoint: str = ""

    def resources(self, stack: str) -> tuple[int, str]:
        """The answer to ListStackResources."""
        if "ListStackResources" in self.denied:
            return 403, _error("AccessDenied", "User is not authorized")
        if stack not in self.stacks:
            return 400, _error("ValidationError", f"Stack with id {stack} does not exist")
        members = "".join(
            f"<member><LogicalResourceId>R{place}</LogicalResourceId><ResourceType>{kind}"
            f"</ResourceType><PhysicalResourceId>{escape(name)}</PhysicalResourceId>"
            "<LastUpdatedTimestamp>2026-11-01T00:00:00Z</LastUpdatedTimestamp>"
            f"<ResourceStatus>{status[0] if status else 'CREATE_COMPLETE'}</ResourceStatus>"
            "<ResourceStatusReason>As it was asked</ResourceStatusReason></member>"
            for place, (kind, name, *status) in enumerate(self.stacks[stack])
        )
        return 200, (
            "<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>"
            f"{members}</StackResourceSummaries></ListStackResourcesResult>"
            "</ListStackResourcesResponse>"
        )

    def service_quotas(self) -> tuple[int, str]:
        """The answer to ListServiceQuotas."""
        if "ListServiceQuotas" in self.denied:
            return 400, json.dumps({"__type": "AccessDeniedException", "message": "no"})
        return 200, json.dumps({"Quotas": self.quotas})


def _error(code: str, message: str) -> str:
    said = f"<Code>{code}</Code><Message>{message}</Message>"
    return f"<ErrorResponse><Error>{said}</Error></ErrorResponse>"


@contextmanager
def recorded() -> Generator[Recorded]:
    """Them, on a port of loopback."""
    says = Recorded()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.headers.get("X-Amz-Target"):
                status, answer = says.service_quotas()
            else:
                status, answer = says.resources(parse_qs(body)["StackName"][0])
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    says.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield says
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
