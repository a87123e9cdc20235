-- +goose Up
-- What the nodes of an installation have to agree about, like the fingerprints of the keys that lie in their data folders.
CREATE TABLE installation (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE installation;
