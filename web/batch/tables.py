"""Uploaded files of visits, and what their review gave."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from web.database.schema import Moment, metadata

# `source` is the file as it came, kept only until it is reviewed, so that a restart goes on.
batches = Table(
    "batch",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", Integer, nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("source", LargeBinary),
    Column("size", Integer, nullable=False),
    Column("state", String(12), nullable=False, index=True),  # running, done, refused
    Column("visits", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),  # when its worker last wrote
)

batch_visits = Table(
    "batch_visit",
    metadata,
    Column("batch_id", ForeignKey("batch.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("severity", String(8), nullable=False),  # the gravest of its findings, or ""
    Column("asks", Boolean, nullable=False),
    Column("failed", Boolean, nullable=False),
    Column("review", JSON, nullable=False),
    PrimaryKeyConstraint("batch_id", "place"),
)
