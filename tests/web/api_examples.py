"""The requests whose answers are the examples of the OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fastapi.testclient import TestClient
from furnished import VISITS, Furnished

from web.access import OWNER
from web.rest.examples import AS_CSV

LONGEST_LIST = 2  # items of a list that an example shows
ON = "2026-11-20"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")
VISIT = {
    "visit": "1041",
    "date_of_service": ON,
    "payer": "medicare",
    "discipline": "PT",
    "services": [{"code": "97110", "minutes": 33}, {"code": "97140", "minutes": 7}],
}
ROWS = (
    "visit,date_of_service,payer,discipline,code,minutes\n"
    "1041,2026-11-20,medicare,PT,97110,33\n1041,2026-11-20,medicare,PT,97140,7\n"
)
NOTE = "97530 x 15 min: sit to stand from a low chair, cues for hip hinge."


@dataclass(frozen=True)
class Asked:
    """One request.

    Attributes:
        names: what stands in the address's braces; a name of something furnished is looked up.
        kind: of the body; JSON where it is left out.
        accept: the kind of answer that is asked for.
        changes: whether what it answers hangs on the day or on work beside it, so that only its
            form is compared.
    """

    names: dict[str, str] = field(default_factory=dict)
    query: dict[str, str | int] = field(default_factory=dict)
    body: Any = None
    kind: str = "application/json"
    accept: str = "*/*"
    changes: bool = False


ID = "0c1d3f5a7b9e2468ace013579bdf8642"  # in the place of an id
ONE = {"limit": 1}
REQUESTS: dict[str, Asked] = {
    "POST /api/ask": Asked(
        body={"messages": [f"10 min 97110 and 20 min 97530, Medicare, PT, {ON}"]}
    ),
    "POST /api/review": Asked(body={"visits": [VISIT]}),
    f"POST /api/review{AS_CSV}": Asked(body=ROWS, kind="text/csv", accept="text/csv"),
    "GET /api/codes": Asked(query={"q": "ther ex", **ONE}),
    "GET /api/codes/{code}": Asked({"code": "97530"}, {"on": ON}),
    "GET /api/pairs": Asked(query={"codes": "97530,97140", "on": "2019-06-03"}),
    "GET /api/payers": Asked(query=ONE),
    "GET /api/payers/{payer_id}": Asked({"payer_id": "medicare"}, {"on": ON}),
    "GET /api/values": Asked(query=ONE),
    "GET /api/values/{name}": Asked({"name": "medicare/kx_threshold_ot"}, {"on": ON}),
    "GET /api/search": Asked(query={"q": "progress report due", "on": ON, **ONE}),
    "GET /api/flowchart": Asked(),
    "POST /api/flowchart": Asked(
        body={"answers": {"functional": "yes", "technique": "no"}, "activity": "transfers"}
    ),
    "POST /api/notes/check": Asked(body={"note": NOTE, "codes": ["97530"], "date_of_service": ON}),
    "GET /api/conversations": Asked(query={"q": "capital of France", **ONE}),
    "GET /api/conversations/{conversation_id}": Asked({"conversation_id": "nothing to say"}),
    "DELETE /api/conversations/{conversation_id}": Asked({"conversation_id": "stopped"}),
    "GET /api/batches": Asked(query=ONE, changes=True),
    "POST /api/batches": Asked(body={"file": VISITS}, kind="multipart/form-data", changes=True),
    "GET /api/batches/{batch_id}": Asked({"batch_id": "reviewed"}),
    "GET /api/batches/{batch_id}/visits": Asked({"batch_id": "reviewed"}, ONE),
    "GET /api/batches/{batch_id}/lines.csv": Asked({"batch_id": "reviewed"}),
    "DELETE /api/batches/{batch_id}": Asked({"batch_id": "refused"}),
    "GET /api/knowledge/sources": Asked(query={"q": "claims processing", **ONE}, changes=True),
    "GET /api/knowledge/sources/{source_id}": Asked(
        {"source_id": "cms-claims-manual-ch5"}, changes=True
    ),
    "GET /api/knowledge/statements/{statement_id}": Asked({"statement_id": "a statement"}),
    "GET /api/knowledge/guides": Asked(query={"topic": "units", **ONE}),
    "GET /api/knowledge/guides/{guide_id}": Asked({"guide_id": "97110-or-97112"}),
    "GET /api/knowledge/disputes": Asked(query={"topic": "units", **ONE}),
    "GET /api/knowledge/disputes/{dispute_id}": Asked({"dispute_id": "a dispute's page"}),
    "GET /api/knowledge/tables": Asked(changes=True),
    "GET /api/knowledge/documents": Asked(query=ONE),
    "GET /api/knowledge/documents/{document_id}": Asked({"document_id": "letter"}),
    "GET /api/knowledge/documents/{document_id}/passages": Asked({"document_id": "letter"}),
    "GET /api/knowledge/flagged": Asked(),
    "GET /api/knowledge/jobs/{job_id}": Asked({"job_id": "done"}),
    "POST /api/knowledge/documents": Asked(
        body={"file": "# A letter\n\nAsk before visit 13.\n", "authority": "payer"},
        kind="multipart/form-data",
        changes=True,
    ),
    "DELETE /api/knowledge/documents/{document_id}": Asked({"document_id": "letter"}, changes=True),
    "POST /api/consults": Asked(
        body={"text": "10 min 97110 and 20 min 97530, Medicare, PT", "subject": "Visit 1041"}
    ),
    "GET /api/consults/{consult_id}": Asked({"consult_id": "consult sent"}),
    "GET /api/metrics": Asked(changes=True),
}


def asked_of(copy: Furnished) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each route with its example as the document holds it, really asked."""
    key = copy.app.state.safety.keys.make(OWNER, "examples")
    headers = {"Authorization": f"Bearer {key}"}
    client = TestClient(copy.app, base_url="http://127.0.0.1:8080", headers=headers)
    for route, asked in REQUESTS.items():
        method, _, path = route.removesuffix(AS_CSV).partition(" ")
        names = {name: _named(copy, value) for name, value in asked.names.items()}
        sent: dict[str, Any] = {"headers": {"Accept": asked.accept}}
        if asked.kind == "multipart/form-data":
            file = asked.body["file"]
            sent["files"] = {"file": ("letter.md" if file[0] == "#" else "visits.csv", file)}
            sent["data"] = {name: value for name, value in asked.body.items() if name != "file"}
        elif asked.kind == "text/csv":
            sent["content"] = asked.body
            sent["headers"]["Content-Type"] = asked.kind
        elif asked.body is not None:
            sent["json"] = asked.body
        reply = client.request(method, path.format(**names), params=asked.query, **sent)
        assert reply.is_success, f"{route}: {reply.text}"
        answered: Any = reply.text
        if "json" in reply.headers.get("content-type", ""):
            answered = shortened(reply.json())
        example = {
            "parameters": {**names, **asked.query},
            "body": asked.body,
            "kind": asked.kind,
            "answered_as": reply.headers.get("content-type", "").partition(";")[0],
            "answer": answered,
        }
        yield route, json.loads(_still(json.dumps(example), copy))


def _named(copy: Furnished, value: str) -> str | int:
    """The value itself, or the id of what was furnished under that name."""
    if value not in copy.at:
        return value
    own = copy.own(value)
    return int(own) if own.isdigit() else own


def _still(text: str, copy: Furnished) -> str:
    """The same without what is another at each asking: ids that nobody can guess, and moments."""
    for name in sorted(copy.at):
        own = copy.own(name)
        if len(own) == 32:
            text = text.replace(own, ID)
    return MOMENT.sub("2026-11-21T09:30:00Z", text)


def shortened(value: Any) -> Any:
    """The same with each list cut to its first items."""
    if isinstance(value, dict):
        return {name: shortened(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shortened(each) for each in value[:LONGEST_LIST]]
    return value
