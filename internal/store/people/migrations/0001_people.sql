-- +goose Up
-- Times are ms since the Unix epoch. What is a secret is here as a hash only: SHA-256 of tokens that nobody can guess, argon2id of passwords.
CREATE TABLE accounts (
  id       TEXT    PRIMARY KEY,
  name     TEXT    NOT NULL,
  color    INTEGER NOT NULL DEFAULT -1,
  email    TEXT, -- lower case
  proven   INTEGER NOT NULL DEFAULT 0, -- somebody trusted has said that the address is theirs
  admin    INTEGER NOT NULL DEFAULT 0,
  active   INTEGER NOT NULL DEFAULT 1,
  password TEXT,
  created  INTEGER NOT NULL,
  seen     INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX accounts_email ON accounts (email);

-- By what providers call a person. An address alone never names anybody.
CREATE TABLE identities (
  provider TEXT    NOT NULL,
  subject  TEXT    NOT NULL,
  account  TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  created  INTEGER NOT NULL,
  PRIMARY KEY (provider, subject)
) WITHOUT ROWID;
CREATE INDEX identities_account ON identities (account);

-- The guests that people were before they signed in.
CREATE TABLE former (
  guest   TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX former_account ON former (account);

CREATE TABLE sessions (
  id      TEXT    PRIMARY KEY,
  hash    BLOB    NOT NULL UNIQUE,
  account TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  seen    INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  until   INTEGER NOT NULL,
  agent   TEXT    NOT NULL,
  address TEXT    NOT NULL,
  via     TEXT    NOT NULL,
  detail  TEXT    NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account);

CREATE TABLE tokens (
  id      TEXT    PRIMARY KEY,
  hash    BLOB    NOT NULL UNIQUE,
  account TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  name    TEXT    NOT NULL,
  scopes  TEXT    NOT NULL, -- with spaces between
  created INTEGER NOT NULL,
  seen    INTEGER NOT NULL DEFAULT 0,
  expires INTEGER NOT NULL DEFAULT 0 -- 0: never
) WITHOUT ROWID;
CREATE INDEX tokens_account ON tokens (account);

-- What works once, and not for long: invitations, new passwords, codes of devices; and what has been used and must not be again.
CREATE TABLE once (
  kind    TEXT    NOT NULL,
  hash    BLOB    NOT NULL,
  account TEXT    NOT NULL DEFAULT '',
  data    TEXT    NOT NULL DEFAULT '', -- JSON
  expires INTEGER NOT NULL,
  PRIMARY KEY (kind, hash)
) WITHOUT ROWID;
CREATE INDEX once_expires ON once (expires);

CREATE TABLE orgs (
  id       TEXT    PRIMARY KEY,
  name     TEXT    NOT NULL,
  enforced INTEGER NOT NULL DEFAULT 0,
  created  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE org_members (
  org     TEXT    NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  account TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  role    TEXT    NOT NULL,
  source  TEXT    NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (org, account)
) WITHOUT ROWID;
CREATE INDEX org_members_account ON org_members (account);

-- Who did what. Lines are added, and go only when they are older than the setting allows.
CREATE TABLE audit (
  seq     INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL,
  org     TEXT    NOT NULL DEFAULT '', -- '' is the installation's
  person  TEXT    NOT NULL DEFAULT '',
  name    TEXT    NOT NULL DEFAULT '',
  action  TEXT    NOT NULL,
  target  TEXT    NOT NULL DEFAULT '',
  outcome TEXT    NOT NULL,
  address TEXT    NOT NULL DEFAULT '',
  agent   TEXT    NOT NULL DEFAULT '',
  detail  TEXT    NOT NULL DEFAULT '{}' -- JSON
);
CREATE INDEX audit_org ON audit (org, seq);

-- +goose Down
DROP TABLE audit;
DROP TABLE org_members;
DROP TABLE orgs;
DROP TABLE once;
DROP TABLE tokens;
DROP TABLE sessions;
DROP TABLE former;
DROP TABLE identities;
DROP TABLE accounts;
