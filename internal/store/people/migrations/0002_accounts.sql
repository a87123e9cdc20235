-- +goose Up
-- Passkeys: of each, the public key and what the authenticator said of itself. What signs stays with the person.
CREATE TABLE passkeys (
  id         TEXT    PRIMARY KEY,
  credential BLOB    NOT NULL UNIQUE, -- by what the authenticator calls it
  account    TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  name       TEXT    NOT NULL,
  data       TEXT    NOT NULL, -- JSON, of package passkey
  created    INTEGER NOT NULL,
  seen       INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX passkeys_account ON passkeys (account);
CREATE INDEX once_account ON once (kind, account);
CREATE INDEX sessions_expires ON sessions (expires);

-- +goose Down
DROP INDEX sessions_expires;
DROP INDEX once_account;
DROP TABLE passkeys;
