-- +goose Up
-- What programs left. In a file of its own, so that no edit waits while an image is written.
CREATE TABLE run_files (
  room TEXT    NOT NULL, -- its name
  run  INTEGER NOT NULL, -- the version of the event that asked for it
  name TEXT    NOT NULL,
  type TEXT    NOT NULL, -- MIME
  size INTEGER NOT NULL, -- bytes of data
  data BLOB    NOT NULL,
  PRIMARY KEY (room, run, name)
);

-- Adds up a room's files, and finds its oldest, without reading them.
CREATE INDEX run_files_sizes ON run_files (room, run, size);

-- +goose Down
DROP TABLE run_files;
