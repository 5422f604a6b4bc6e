"""Makes the chat model that is set up; only its own provider's package is imported."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from assistant.llm_agent.settings import ModelSettings, UnusableModel

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_WRITTEN = 1_500  # tokens of one reply


def make_model(settings: ModelSettings) -> BaseChatModel:
    """The chat model, which was not asked anything yet.

    Retries are ours, so that they stay within the answer's time; tracing to other services is
    switched off, since it would send the conversation there.

    Raises:
        UnusableModel: the provider's package is missing, or refuses the settings.
    """
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2"):
        os.environ[name] = "false"
    own = {"openai": _openai, "anthropic": _anthropic, "ollama": _ollama}
    try:
        return own.get(settings.provider, _other)(settings)
    except ImportError as error:
        raise UnusableModel(
            f"{settings.provider} needs a package that is not installed ({error.name}): install "
            f"langchain-{settings.provider}."
        ) from error
    except ValueError as error:
        raise UnusableModel(f"{settings.engine} cannot be used: {error}".split("\n")[0]) from error


def _openai(settings: ModelSettings) -> BaseChatModel:
    from langchain_openai import ChatOpenAI

    own: dict[str, Any] = {}
    if not settings.is_remote:  # a proxy named in the environment would lead off this machine
        import openai

        own["http_async_client"] = openai.DefaultAsyncHttpxClient(
            trust_env=False, follow_redirects=False, timeout=settings.call_seconds
        )
    return ChatOpenAI(
        model=settings.name,
        api_key=cast(Any, settings.key or "none"),
        base_url=settings.address,
        timeout=settings.call_seconds,
        max_retries=0,
        streaming=settings.streaming,
        stream_usage=settings.streaming,
        use_responses_api=False,
        max_completion_tokens=MOST_WRITTEN,
        **own,
    )


def _anthropic(settings: ModelSettings) -> BaseChatModel:
    import anthropic
    from langchain_anthropic import ChatAnthropic

    class LocalAnthropic(ChatAnthropic):
        """A server on this machine that speaks the protocol; nothing leads off the machine."""

        @cached_property
        def _async_client(self) -> anthropic.AsyncAnthropic:
            own = anthropic.DefaultAsyncHttpxClient(
                trust_env=False,
                mounts=dict.fromkeys(
                    ("http://", "https://", "all://")
                ),  # the package reads proxies
                follow_redirects=False,
                timeout=settings.call_seconds,
            )
            return anthropic.AsyncAnthropic(
                api_key=settings.key or "none",
                base_url=settings.address,
                timeout=settings.call_seconds,
                max_retries=0,
                http_client=own,
            )

    kind = ChatAnthropic if settings.is_remote else LocalAnthropic
    return kind(
        model_name=settings.name,
        api_key=cast(Any, settings.key or "none"),
        base_url=settings.address,
        timeout=settings.call_seconds,
        max_retries=0,
        streaming=settings.streaming,
        max_tokens_to_sample=MOST_WRITTEN,
        stop=None,
    )


def _ollama(settings: ModelSettings) -> BaseChatModel:
    from langchain_ollama import ChatOllama

    return ChatOllama(
        model=settings.name,
        base_url=settings.address,
        num_predict=MOST_WRITTEN,
        client_kwargs={
            "timeout": settings.call_seconds,
            "trust_env": settings.is_remote,
            "follow_redirects": settings.is_remote,
        },
    )


def _other(settings: ModelSettings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    more: dict[str, Any] = {"base_url": settings.address} if settings.address else {}
    made: BaseChatModel = init_chat_model(settings.name, model_provider=settings.provider, **more)
    return made


async def hang_up(settings: ModelSettings, model: BaseChatModel) -> None:
    """Close the model's own connections; those that its package shares stay open."""
    client = getattr(model, "http_async_client", None)
    if settings.provider == "ollama":
        client = getattr(getattr(model, "_async_client", None), "_client", None)
    if settings.provider == "anthropic" and "_async_client" in model.__dict__:
        client = None if settings.is_remote else model.__dict__["_async_client"]._client
    if client is not None:
        await client.aclose()
