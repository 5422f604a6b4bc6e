"""Builds the application once, from its settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from assistant.answering import Assistant
from assistant.llm_agent import model_settings
from web import api, openai_api, places
from web.chat import pages
from web.chat.conversations import Conversations
from web.database.engine import open_database
from web.guards import Caught, Headed, Limited, SameOrigin
from web.parts import Parts
from web.presenting import Presenter
from web.problems import add_handlers
from web.readiness import Readiness
from web.rendering import SCRIPTS, STATIC
from web.settings import Settings


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


def create_app(settings: Settings, assistant: Assistant | None = None) -> FastAPI:
    """The application.

    Args:
        settings: where it listens and keeps what was said.
        assistant: who answers; made here where none is given.

    Raises:
        UnusableSetting: the database cannot be opened.
        UnusableModel: ASSISTANT_MODEL names a model that cannot be used as it is set up.
    """
    if assistant is None:
        assistant = Assistant.open(model=model_settings())
        assistant.check_model()
    app = FastAPI(
        title="Therapy Coding Assistant",
        docs_url=None,  # its pages load their script from another site
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan,
        middleware=[
            Middleware(Headed),
            Middleware(
                TrustedHostMiddleware, allowed_hosts=list(settings.host_names), www_redirect=False
            ),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(Caught),
            Middleware(SameOrigin),
            Middleware(Limited),
        ],
    )
    app.state.parts = Parts(
        assistant=assistant,
        conversations=Conversations(open_database(settings.database), assistant),
        presenter=Presenter(assistant.knowledge),
        readiness=Readiness(assistant),
    )
    add_handlers(app)
    for module in (pages, places, api, openai_api):
        app.include_router(module.router)
    app.mount("/static", Assets(directory=STATIC, packages=[SCRIPTS]), name="static")
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.parts.readiness.begin()
    yield
