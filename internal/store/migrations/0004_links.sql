-- +goose Up
-- The links by which people come into a room. They are secrets, and therefore not in the log, which everybody in the room can read.
CREATE TABLE links (
  room    INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  key     TEXT    NOT NULL,
  role    TEXT    NOT NULL, -- what who comes by it is from then on
  created INTEGER NOT NULL, -- ms since the Unix epoch
  revoked INTEGER,          -- since when it does not work any more; NULL: it works
  PRIMARY KEY (room, key)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE links;
