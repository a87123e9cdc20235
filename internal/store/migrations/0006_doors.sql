-- +goose Up
-- What opens a room beside links. None of it is in the log, which everybody in the room can read: passcodes are secrets, and
-- addresses are nobody else's business.
CREATE TABLE passcodes (
  room   INTEGER NOT NULL PRIMARY KEY REFERENCES rooms (id) ON DELETE CASCADE,
  sealed TEXT    NOT NULL -- an argon2id hash
) WITHOUT ROWID;

-- Who has given the passcode that a room has now.
CREATE TABLE passed (
  room   INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  person TEXT    NOT NULL,
  PRIMARY KEY (room, person)
) WITHOUT ROWID;

CREATE TABLE invitations (
  room INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  who  TEXT    NOT NULL, -- an e-mail address in lower case, or the id of an account
  role TEXT    NOT NULL,
  at   INTEGER NOT NULL, -- ms since the Unix epoch
  PRIMARY KEY (room, who)
) WITHOUT ROWID;

-- The rooms of an organisation. The log says it too; this is for the list.
CREATE TABLE room_orgs (
  room INTEGER NOT NULL PRIMARY KEY REFERENCES rooms (id) ON DELETE CASCADE,
  org  TEXT    NOT NULL
) WITHOUT ROWID;

CREATE INDEX room_orgs_org ON room_orgs (org);

-- +goose Down
DROP TABLE room_orgs;
DROP TABLE invitations;
DROP TABLE passed;
DROP TABLE passcodes;
