-- +goose Up
CREATE TABLE nodes (
  id       TEXT PRIMARY KEY,          -- of one process, and never again
  name     TEXT NOT NULL,
  address  TEXT NOT NULL DEFAULT '',
  version  TEXT NOT NULL,
  protocol INTEGER NOT NULL,
  since    BIGINT NOT NULL,           -- ms since the Unix epoch, by the database's clock, as all times here
  seen     BIGINT NOT NULL,
  leaving  BOOLEAN NOT NULL DEFAULT false
);

-- +goose Down
DROP TABLE nodes;
