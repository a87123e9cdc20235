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

-- What one node at a time has, and for how long.
CREATE TABLE leases (
  name   TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until  BIGINT NOT NULL
);

-- +goose Down
DROP TABLE leases;
DROP TABLE nodes;
