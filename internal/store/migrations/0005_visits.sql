-- +goose Up
-- Who has been in which room, so that people find their rooms again. Whoever leaves a room's list loses the row, not the role.
CREATE TABLE visits (
  person TEXT    NOT NULL,
  room   INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  role   TEXT    NOT NULL,
  at     INTEGER NOT NULL, -- ms since the Unix epoch
  PRIMARY KEY (person, room)
) WITHOUT ROWID;

-- A room that is deleted takes its visits with it.
CREATE INDEX visits_room ON visits (room);

-- +goose Down
DROP TABLE visits;
