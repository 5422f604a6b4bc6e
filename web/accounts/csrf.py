"""Tokens that show a form came from our own page (CSRF protection).

A token is signed with the browser's own session, so one made for another session is no use. Every
form of a template writes `{{ csrf_field() }}` inside its `<form method="post">`; htmx and scripts
send the header `X-CSRF-Token`, which `hx-headers` on the `<body>` adds for htmx.
"""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request

from web.accounts.tokens import new_token

FIELD = "csrf"
HEADER = "X-CSRF-Token"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def token_for(session: str) -> str:
    """A token for the forms of one session; each is another one, so that compression tells none."""
    return str(_signer(session).dumps(new_token()[:12]))


def is_token_for(session: str, token: str) -> bool:
    """Whether the token was made for that session."""
    try:
        _signer(session).loads(token)
    except BadSignature:
        return False
    return True


async def sent_token(request: Request) -> str:
    """The token that came in the header or in the form; empty where none came."""
    if told := request.headers.get(HEADER):
        return told
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in FORMS:
        return ""
    given = (await request.form()).get(FIELD)
    return given if isinstance(given, str) else ""


def _signer(session: str) -> URLSafeSerializer:
    return URLSafeSerializer(session, salt="csrf")
