-- +goose Up
-- Both are made from events alone (see package history), and may be emptied at any time: they are made again.
CREATE TABLE history_blocks (
  room    INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  version INTEGER NOT NULL, -- of the last event in it
  data    BLOB    NOT NULL, -- what happened, in numbers
  PRIMARY KEY (room, version)
) WITHOUT ROWID;

CREATE TABLE history_marks (
  room    INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  data    BLOB    NOT NULL, -- the files, and who wrote them
  PRIMARY KEY (room, version)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE history_marks;
DROP TABLE history_blocks;
