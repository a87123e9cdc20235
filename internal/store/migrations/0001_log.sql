-- +goose Up
CREATE TABLE rooms (
  id      INTEGER PRIMARY KEY,
  name    TEXT    NOT NULL UNIQUE,
  head    INTEGER NOT NULL, -- the version of the last event
  created INTEGER NOT NULL  -- ms since the Unix epoch
);

-- A room's events lie together and in order: the primary key is the table.
CREATE TABLE events (
  room    INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  at      INTEGER NOT NULL, -- ms since the Unix epoch
  kind    TEXT    NOT NULL,
  data    BLOB    NOT NULL, -- the event as JSON, as it is sent
  PRIMARY KEY (room, version)
) WITHOUT ROWID;

-- Finds runs that were asked for and never finished, without reading edits.
CREATE INDEX events_runs ON events (at) WHERE kind IN ('run', 'finish');

CREATE TABLE snapshots (
  room    INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  data    BLOB    NOT NULL,
  PRIMARY KEY (room, version)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE snapshots;
DROP TABLE events;
DROP TABLE rooms;
