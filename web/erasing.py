"""What the retention deletes: each room that keeps what people said has its line here."""

from __future__ import annotations

from collections.abc import Mapping

from web.accounts.retention import Erase
from web.batch.batches import erase as erase_batches
from web.chat.retention import erase_conversations
from web.consults.retention import erase_consults

ERASERS: Mapping[str, Erase] = {
    "batch": erase_batches,
    "consult": erase_consults,
    "conversation": erase_conversations,
}
