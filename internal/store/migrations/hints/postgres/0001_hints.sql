-- +goose Up
-- What was asked, what left for models because of it, and what it cost. In a schema of its own: whoever wants all of it gone drops that.
CREATE TABLE hints (
  room       TEXT    COLLATE "C" NOT NULL, -- its name
  id         TEXT    COLLATE "C" NOT NULL,
  person     TEXT    COLLATE "C" NOT NULL,
  at         BIGINT NOT NULL, -- ms since the Unix epoch
  kind       TEXT    COLLATE "C" NOT NULL,
  level      BIGINT NOT NULL,
  outcome    TEXT    COLLATE "C" NOT NULL,
  source     TEXT    COLLATE "C" NOT NULL,
  model      TEXT    COLLATE "C" NOT NULL,
  cached     BOOLEAN NOT NULL,
  ahead      BOOLEAN NOT NULL,
  sent       TEXT    COLLATE "C" NOT NULL, -- exactly what left; empty: nothing
  recipients TEXT    COLLATE "C" NOT NULL, -- a line each
  tokens_in  BIGINT NOT NULL,
  tokens_out BIGINT NOT NULL,
  cost       BIGINT NOT NULL, -- millionths of a dollar
  first_ms   BIGINT NOT NULL,
  total_ms   BIGINT NOT NULL,
  PRIMARY KEY (room, id)
);

CREATE INDEX hints_by_time ON hints (room, at);

CREATE TABLE hint_votes (
  room   TEXT    COLLATE "C" NOT NULL,
  hint   TEXT    COLLATE "C" NOT NULL,
  person TEXT    COLLATE "C" NOT NULL,
  up     BOOLEAN NOT NULL,
  PRIMARY KEY (room, hint, person)
);

-- What was spent on a day (UTC, 2006-01-02): by a person, in a room, by all.
CREATE TABLE hint_tokens (
  day    TEXT    COLLATE "C" NOT NULL,
  key    TEXT    COLLATE "C" NOT NULL,
  tokens BIGINT NOT NULL,
  PRIMARY KEY (day, key)
);

-- +goose Down
DROP TABLE hints;
DROP TABLE hint_votes;
DROP TABLE hint_tokens;
