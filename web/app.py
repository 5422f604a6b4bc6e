"""Builds the application once, from its settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from assistant.answering import Assistant
from assistant.llm_agent import model_settings
from web import access, api, openai_api, places
from web.accounts import admin_pages, audit_pages, own_pages, setting_pages
from web.accounts import pages as account_pages
from web.accounts.gates import refuse_ungated
from web.accounts.safety import Safety
from web.batch import pages as batch_pages
from web.batch.batches import Batches
from web.chat import export_pages, pages, turn_pages
from web.chat.conversations import Conversations
from web.codes import pages as code_pages
from web.consults import actions as consult_actions
from web.consults import api as consult_api
from web.consults import pages as consult_pages
from web.consults import policy_pages
from web.consults.desk import ConsultDesk
from web.consults.settings import DeskSettings
from web.database.engine import open_database
from web.erasing import ERASERS
from web.guards import Caught, Headed, Limited, Paced, SameOrigin
from web.knowledge import pages as knowledge_pages
from web.knowledge.intake import Intake
from web.notes import pages as note_pages
from web.parts import Parts
from web.presenting import Presenter
from web.problems import add_handlers, log_failure
from web.readiness import Readiness
from web.rendering import SCRIPTS, STATIC
from web.rest.describing import describe
from web.settings import Settings, UnusableSetting
from web.worksheet import pages as worksheet_pages

# One line a room. A request tries them in this order, so what is asked most comes first.
ROOMS = (
    pages,
    turn_pages,
    api,
    account_pages,
    own_pages,
    admin_pages,
    setting_pages,
    audit_pages,
    export_pages,
    code_pages,
    worksheet_pages,
    note_pages,
    batch_pages,
    knowledge_pages,
    consult_pages,
    consult_actions,
    policy_pages,
    consult_api,
    places,
    openai_api,
)

COMPRESSION = 5  # a higher one takes twice as long and saves a hundredth

NO_ADMIN = (
    "ASSISTANT_HOST={host} opens the page to the network, and nobody could sign in yet. Make an "
    "admin's account first: python -m web admin add NAME (it asks for the password; in Docker: "
    "docker compose run --rm web python -m web admin add NAME). Or leave ASSISTANT_HOST out to "
    "keep the page on this machine."
)


class Assets(StaticFiles):
    """Static files; one asked for by its version never changes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file."""
        reply = await super().get_response(path, scope)
        versioned = b"v=" in scope.get("query_string", b"")
        reply.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if versioned else "public, max-age=3600"
        )
        return reply


def create_app(
    settings: Settings, assistant: Assistant | None = None, desk: DeskSettings | None = None
) -> FastAPI:
    """The application.

    Args:
        settings: where it listens and keeps what was said.
        assistant: who answers; made here where none is given.
        desk: the consult desk's settings; None where no desk is set up.

    Raises:
        UnusableSetting: the database cannot be opened, or nobody could sign in.
        UnusableModel: ASSISTANT_MODEL names a model that cannot be used as it is set up.
    """
    engine = open_database(settings.database)
    safety = Safety.open(engine, is_local=settings.is_local, rates=settings.rates)
    if not settings.is_local and not safety.accounts.has_admin():
        raise UnusableSetting(NO_ADMIN.format(host=settings.host))
    is_own = assistant is None
    if assistant is None:
        assistant = Assistant.open(model=model_settings(), apart=True)
        assistant.check_model()
    app = FastAPI(
        title="Therapy Coding Assistant",
        docs_url=None,  # its pages load their script from another site
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan,
        dependencies=[Depends(access.checked)],
        middleware=[
            Middleware(Headed),
            Middleware(
                TrustedHostMiddleware, allowed_hosts=list(settings.host_names), www_redirect=False
            ),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=COMPRESSION),
            Middleware(Caught),
            Middleware(Paced),
            Middleware(SameOrigin),
            Middleware(Limited),
        ],
    )
    app.state.safety = safety
    app.state.end = assistant.close if is_own else _leave
    app.state.parts = Parts(
        assistant=assistant,
        conversations=Conversations(engine, assistant),
        presenter=Presenter(assistant.knowledge),
        readiness=Readiness(assistant),
        batches=Batches(engine, assistant),
    )
    app.state.intake = Intake(assistant.library.folder, safety.audit)
    app.state.consults = ConsultDesk(engine, desk, assistant) if desk else None
    add_handlers(app)
    describe(app)
    for module in ROOMS:
        app.include_router(module.router)
    app.mount("/static", Assets(directory=STATIC, packages=[SCRIPTS]), name="static")
    refuse_ungated(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.parts.readiness.begin()
    app.state.parts.batches.resume()
    retention = app.state.safety.retention(ERASERS)
    retention.begin(log_failure)
    consults = app.state.consults
    if consults is not None:
        consults.start()
    yield
    if consults is not None:
        consults.stop()
    retention.end()
    app.state.end()


def _leave() -> None:
    """Whoever made the assistant closes it."""
