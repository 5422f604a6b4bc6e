"""What every message and page asks of the database; made once, as making costs more than asking.

Parameters: `its`, an id; `owner`, whose conversation it is.
"""

from __future__ import annotations

from sqlalchemy import BindParameter, bindparam, insert, select, update

from web.chat.nouns import State
from web.chat.tables import conversations, messages

_ITS: BindParameter[str] = bindparam("its")
_OWNER: BindParameter[int] = bindparam("owner")

SAID = (
    select(
        messages.c.position,
        messages.c.text,
        messages.c.token,
        messages.c.state,
        messages.c.ticket,
        conversations.c.owner_id,
    )
    .select_from(conversations.outerjoin(messages))
    .where(conversations.c.id == _ITS)
    .order_by(messages.c.position)
)
# One statement, so that what is read belongs together: a row a message, one without where none is.
WHOLE = (
    select(conversations.c.title, conversations.c.pinned, messages)
    .select_from(conversations.outerjoin(messages))
    .where(conversations.c.id == _ITS, conversations.c.owner_id == _OWNER)
    .order_by(messages.c.position)
)
HEADINGS = (
    select(
        conversations.c.id, conversations.c.title, conversations.c.updated, conversations.c.pinned
    )
    .where(conversations.c.owner_id == _OWNER)
    .order_by(
        *(
            column.desc()
            for column in (conversations.c.pinned, conversations.c.updated, conversations.c.id)
        )
    )
)

BEGUN, ASKED = insert(conversations), insert(messages)
TOUCHED = update(conversations).where(conversations.c.id == _ITS).values(updated=bindparam("now"))
# Nothing, where the try was overtaken. Found by its place: tickets have no index.
SETTLED = (
    update(messages)
    .where(messages.c.conversation_id == _ITS, messages.c.position == bindparam("place"))
    .where(messages.c.ticket == bindparam("try"), messages.c.state == State.ASKED)
    .values(state=bindparam("ended"), answer=bindparam("made"))
)
