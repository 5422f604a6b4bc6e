"""One message of a conversation: watched, stopped, asked again, edited, judged, sent on."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from web import access
from web.access import Person
from web.chat import showing
from web.chat.answering import Seen, Work
from web.chat.nouns import Conversation, NoSuchConversation, Thumb
from web.chat.showing import see
from web.consults.desk import consult_desk
from web.parts import parts
from web.rendering import templates

router = APIRouter(
    prefix="/conversations/{conversation_id}/messages/{position}",
    include_in_schema=False,
    dependencies=[Depends(access.member)],
)

Text = Annotated[str, Form()]
AGAIN = 1000  # milliseconds after which a page that lost the stream asks for it again


@dataclass(frozen=True, slots=True)
class Watched:
    """A message whose answer is watched."""

    kept: Conversation
    work: Work


def _watched(request: Request, conversation_id: str, position: int) -> Watched:
    kept = parts(request).conversations
    return Watched(kept.get(conversation_id), kept.begin(conversation_id, position))


@router.get("/stream", response_class=EventSourceResponse)
async def stream(
    request: Request,
    conversation_id: str,
    position: int,
    watched: Annotated[Watched, Depends(_watched)],
) -> AsyncIterable[ServerSentEvent]:
    """The answer as it is made: progress, the claim, words, and at the end the whole turn.

    Whoever comes late or again sees how far it is: each event stands for all of its kind before.
    A message that waits, because the program was stopped meanwhile, is answered now.
    """
    shown = Seen()
    async for seen in watched.work.watch():
        for event, show in _news(shown, seen):
            html = await run_in_threadpool(show, request, watched.kept, position, seen)
            yield ServerSentEvent(raw_data=html, event=event, retry=AGAIN)
        shown = seen
    now = await run_in_threadpool(parts(request).conversations.shown, conversation_id)
    html = await run_in_threadpool(showing.turn, request, now, position)
    yield ServerSentEvent(raw_data=html, event="answer")


Show = Callable[[Request, Conversation, int, Seen], str]


def _news(before: Seen, now: Seen) -> list[tuple[str, Show]]:
    """What is to be sent: each kind of event that is another than before."""
    made: list[tuple[str, Show]] = []
    if now.over:
        return made
    if now.progress != before.progress and now.progress:
        made.append(("progress", showing.progress))
    if now.stated is not before.stated and now.stated:
        made.append(("claim", showing.certain))
    if now.text != before.text:
        made.append(("words", showing.words))
    return made


@router.get("/trace")
def trace(request: Request, conversation_id: str, position: int) -> Response:
    """Every tool call behind the answer, with what it was given and what it gave."""
    kept = parts(request).conversations.get(conversation_id)
    exchange = kept.at(position)
    if exchange.answer is None:
        raise NoSuchConversation("This message has no answer yet.")
    content = {"conversation": kept, "exchange": exchange, "answer": exchange.answer}
    name = "chat/trace.html" if "hx-request" in request.headers else "chat/trace_page.html"
    return templates.TemplateResponse(request, name, content)


@router.post("/stop")
def stop(request: Request, conversation_id: str, position: int) -> Response:
    """Wait no longer for the answer."""
    parts(request).conversations.stop(conversation_id, position)
    if "hx-request" in request.headers:
        return Response(status_code=204)  # the stream shows how it ended
    return _back(conversation_id, position)


@router.post("/retry")
async def retry(
    request: Request, conversation_id: str, position: int, later: Text = ""
) -> Response:
    """Answer the message anew."""
    work = await run_in_threadpool(_retried, request, conversation_id, position)
    await (work.soon() if later else work.ended())
    return _back(conversation_id, position)


def _retried(request: Request, conversation_id: str, position: int) -> Work:
    kept = parts(request).conversations
    kept.retry(conversation_id, position)
    return kept.begin(conversation_id, position)


@router.post("/edit")
async def edit(
    request: Request, conversation_id: str, position: int, text: Text = "", later: Text = ""
) -> Response:
    """Ask something else in the message's place; what came after it goes."""
    edited = await run_in_threadpool(_edited, request, conversation_id, position, text)
    if isinstance(edited, Response):
        return edited
    await (edited.soon() if later else edited.ended())
    return _back(conversation_id, position)


def _edited(request: Request, conversation_id: str, position: int, text: str) -> Work | Response:
    kept = parts(request).conversations
    try:
        kept.edit(conversation_id, position, text)
    except NoSuchConversation:
        raise
    except Exception as error:
        return showing.refused(request, error, kept.get(conversation_id), text)
    return kept.begin(conversation_id, position)


@router.post("/judge")
def judge(
    request: Request,
    conversation_id: str,
    position: int,
    thumb: Thumb = Form(Thumb.NONE),  # noqa: B008 -- how FastAPI names a field
    reason: Text = "",
    note: Text = "",
) -> Response:
    """Keep what the asker thinks of the answer."""
    kept = parts(request).conversations
    kept.judge(conversation_id, position, thumb, reason, note)
    return _marked(request, kept.shown(conversation_id), position, "chat/judged.html")


@router.post("/consult")
def send_on(
    request: Request,
    conversation_id: str,
    position: int,
    person: Annotated[Person, Depends(access.member)],
) -> Response:
    """Put the conversation up to this message before the reviewers."""
    desk = consult_desk(request)
    kept = parts(request).conversations
    now = kept.get(conversation_id)
    now.at(position)
    said = [exchange.text for exchange in now.exchanges if exchange.position <= position]
    key = f"{conversation_id}/{position}"
    taken = desk.send_to_queue(
        "\n\n".join(said), asked_by=person.id, subject=now.title, channel="chat", key=key
    )
    kept.sent_on(conversation_id, position, taken.consult_id)
    return _marked(request, kept.shown(conversation_id), position, "chat/sent_on.html")


def _marked(request: Request, now: Conversation, position: int, template: str) -> Response:
    """The part of the turn that changed, or for a page without scripts the way back to it."""
    if "hx-request" not in request.headers:
        return _back(now.id, position)
    return HTMLResponse(showing.part(request, now, position, template))


def _back(conversation_id: str, position: int) -> Response:
    return see(f"/conversations/{conversation_id}#m{position + 1}")
