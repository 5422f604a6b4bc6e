"""Who may do what: each router or route names the least role it needs.

    router = APIRouter(dependencies=[Depends(access.member)])

`visitor` (anyone), `member`, `reviewer` and `admin` are such names; as a parameter of a route,
`Annotated[Person, Depends(access.member)]` also hands over the person. `create_app` refuses to
start with a route that names none, and `tests/web/authorisation.yaml` lists them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from web.accounts import csrf
from web.accounts.person import NOBODY, OWNER, Person, Role
from web.accounts.safety import Safety

__all__ = ["NOBODY", "OWNER", "Person", "Role", "admin", "member", "person", "reviewer", "visitor"]

PROGRAMS = ("/api/", "/v1/", "/mcp")  # where a key lets a program in; a session does elsewhere
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
COOKIE, SECURE_COOKIE = "assistant_session", "__Host-assistant_session"

SIGN_IN = "Sign in first."
NEEDS_KEY = "This needs an API key (Authorization: Bearer …). Make one on the page «Your account»."
WRONG_KEY = "This API key does not work: it is mistyped, revoked or over."
NOT_ALLOWED = "Your role does not allow this. An admin of this copy can give you another one."
STALE_FORM = "This form is older than your log-in. Open the page anew and send it again."


class SignInNeeded(HTTPException):
    """Nobody is signed in; a page leads to the log-in, a program gets the words."""


@dataclass(frozen=True, slots=True)
class Identity:
    """How a request shows who sends it.

    Attributes:
        session: the session's token; empty where a key was sent, or nothing.
        wrong_key: whether a key was sent that does not work.
    """

    person: Person
    session: str = ""
    wrong_key: bool = False


def safety(request: Request) -> Safety:
    """What lets people in."""
    return cast(Safety, request.app.state.safety)


def cookie_name(request: Request) -> str:
    """The session cookie's name; over https one that no other site can set."""
    return SECURE_COOKIE if request.url.scheme == "https" else COOKIE


def is_program(request: Request) -> bool:
    """Whether the address is one of the programs' routes."""
    return request.url.path.startswith(PROGRAMS)


def identity(request: Request) -> Identity:
    """How the request shows who sends it; looked up once."""
    known = getattr(request.state, "identity", None)
    if known is None:
        known = request.state.identity = _identify(request)
    return cast(Identity, known)


def _identify(request: Request) -> Identity:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and is_program(request):
        holder = safety(request).keys.holder(key.strip())
        return Identity(holder or NOBODY, wrong_key=holder is None)
    session = request.cookies.get(cookie_name(request), "")
    found = safety(request).sessions.person(session) if session else None
    return Identity(found, session) if found else Identity(NOBODY)


async def checked(request: Request) -> None:
    """Nothing, for every route: knows who asks, refuses forged forms and too many requests."""
    who = await run_in_threadpool(identity, request)
    if who.person is not NOBODY:
        wait = safety(request).limiter.wait("person", str(who.person.id))
        if wait:
            raise too_many(wait)
    if who.session and request.method not in SAFE_METHODS:
        token = await csrf.sent_token(request)
        if not csrf.is_token_for(who.session, token):
            raise HTTPException(403, STALE_FORM)


def too_many(seconds: int) -> HTTPException:
    """The refusal of a request too many."""
    told = f"Too many requests in a short time. Try again in {seconds} seconds."
    return HTTPException(429, told, {"Retry-After": str(seconds)})


def person(request: Request) -> Person:
    """Who sends the request."""
    return identity(request).person


async def visitor(request: Request) -> Person:
    """Anyone."""
    return person(request)


async def member(request: Request) -> Person:
    """A person who may ask, look up and keep conversations."""
    return _at_least(Role.MEMBER, request)


async def reviewer(request: Request) -> Person:
    """A person who may also review consults."""
    return _at_least(Role.REVIEWER, request)


async def admin(request: Request) -> Person:
    """A person who may also manage accounts, knowledge and settings."""
    return _at_least(Role.ADMIN, request)


GATES = {visitor: Role.VISITOR, member: Role.MEMBER, reviewer: Role.REVIEWER, admin: Role.ADMIN}


def _at_least(role: Role, request: Request) -> Person:
    who = identity(request)
    if who.person is NOBODY:
        told = WRONG_KEY if who.wrong_key else NEEDS_KEY if is_program(request) else SIGN_IN
        raise SignInNeeded(401, told, {"WWW-Authenticate": "Bearer"})
    if who.person.role < role:
        raise HTTPException(403, NOT_ALLOWED)
    return who.person


def frame(request: Request) -> dict[str, Any]:
    """What every page's forms need: the token that shows they are ours."""
    return {"csrf_token": csrf.token_for(form_secret(request))}


def form_secret(request: Request) -> str:
    """What the forms of this browser are bound to: its session, else its visit (see `visiting`)."""
    return identity(request).session or str(getattr(request.state, "visit", ""))
