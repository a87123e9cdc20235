-- +goose Up
-- What programs left. In a schema of its own, as SQLite has a file of its own, so that no edit waits while an image is written.
CREATE TABLE run_files (
  room TEXT    COLLATE "C" NOT NULL, -- its name
  run  BIGINT NOT NULL, -- the version of the event that asked for it
  name TEXT    COLLATE "C" NOT NULL,
  type TEXT    COLLATE "C" NOT NULL, -- MIME
  size BIGINT NOT NULL, -- bytes of data
  data BYTEA    NOT NULL,
  PRIMARY KEY (room, run, name)
);

-- Adds up a room's files, and finds its oldest, without reading them.
CREATE INDEX run_files_sizes ON run_files (room, run, size);

-- +goose Down
DROP TABLE run_files;
