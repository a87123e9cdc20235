-- +goose Up
-- What was asked, what left for models because of it, and what it cost. In a file of its own: no edit waits for it, and whoever
-- wants all of it gone removes the file.
CREATE TABLE hints (
  room       TEXT    NOT NULL, -- its name
  id         TEXT    NOT NULL,
  person     TEXT    NOT NULL,
  at         INTEGER NOT NULL, -- ms since the Unix epoch
  kind       TEXT    NOT NULL,
  level      INTEGER NOT NULL,
  outcome    TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  model      TEXT    NOT NULL,
  cached     INTEGER NOT NULL,
  ahead      INTEGER NOT NULL,
  sent       TEXT    NOT NULL, -- exactly what left; empty: nothing
  recipients TEXT    NOT NULL, -- a line each
  tokens_in  INTEGER NOT NULL,
  tokens_out INTEGER NOT NULL,
  cost       INTEGER NOT NULL, -- millionths of a dollar
  first_ms   INTEGER NOT NULL,
  total_ms   INTEGER NOT NULL,
  PRIMARY KEY (room, id)
);

CREATE INDEX hints_by_time ON hints (room, at);

CREATE TABLE hint_votes (
  room   TEXT    NOT NULL,
  hint   TEXT    NOT NULL,
  person TEXT    NOT NULL,
  up     INTEGER NOT NULL,
  PRIMARY KEY (room, hint, person)
);

-- What was spent on a day (UTC, 2006-01-02): by a person, in a room, by all.
CREATE TABLE hint_tokens (
  day    TEXT    NOT NULL,
  key    TEXT    NOT NULL,
  tokens INTEGER NOT NULL,
  PRIMARY KEY (day, key)
);

-- +goose Down
DROP TABLE hints;
DROP TABLE hint_votes;
DROP TABLE hint_tokens;
