"""The tables of the store of passages, and how an older store becomes one of today."""

from __future__ import annotations

VERSION = 2

_FIRST = """
CREATE TABLE documents (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, origin TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL, hash TEXT NOT NULL, publisher TEXT NOT NULL, authority TEXT NOT NULL,
  url TEXT NOT NULL, added TEXT NOT NULL);
CREATE TABLE passages (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL REFERENCES documents (id), kind TEXT NOT NULL, title TEXT NOT NULL,
  heading TEXT NOT NULL, text TEXT NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
  source TEXT NOT NULL, authority TEXT NOT NULL, url TEXT NOT NULL, certainty TEXT NOT NULL,
  codes TEXT NOT NULL, payers TEXT NOT NULL, topics TEXT NOT NULL, asked_as TEXT NOT NULL,
  effective TEXT, until TEXT, page INTEGER, sentences TEXT NOT NULL);
CREATE INDEX passages_of_document ON passages (document);
CREATE VIRTUAL TABLE words USING fts5 (
  title, asked_as, heading, text, tokenize = 'porter unicode61');
CREATE TABLE known_words (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE vectors (
  text_hash TEXT NOT NULL, fingerprint TEXT NOT NULL, vector BLOB NOT NULL,
  PRIMARY KEY (text_hash, fingerprint)) WITHOUT ROWID;
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO state VALUES ('content', '0');
"""
_SINCE = {  # by the version that they bring a store to
    2: ("ALTER TABLE passages ADD COLUMN remarks TEXT NOT NULL DEFAULT '[]'",),
}


def statements_from(version: int, is_empty: bool) -> list[str]:
    """What brings a store of an older version, or an empty one, up to `VERSION`.

    Nothing for a store of a later version, or of one that is not ours.
    """
    if version > VERSION or (version == 0 and not is_empty):
        return []
    found = [one for one in _FIRST.split(";\n") if one.strip()] if is_empty else []
    for later in range(2 if is_empty else version + 1, VERSION + 1):
        found += _SINCE[later]
    return [*found, f"PRAGMA user_version = {VERSION}"]
