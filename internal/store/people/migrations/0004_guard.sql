-- +goose Up
-- How long lines of the audit log are kept, in ms; 0: for ever. One row.
CREATE TABLE audit_keep (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  keep INTEGER NOT NULL
);
INSERT INTO audit_keep (one, keep) VALUES (1, 0);

-- The log is only added to. What may go is what is older than that.
-- +goose StatementBegin
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit log is never changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN (SELECT keep = 0 OR old.at > CAST(unixepoch('subsec') * 1000 AS INTEGER) - keep FROM audit_keep)
BEGIN
  SELECT RAISE(ABORT, 'lines of the audit log go only when they are older than audit-keep');
END;
-- +goose StatementEnd
-- REPLACE would delete without asking the trigger above.
-- +goose StatementBegin
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE seq = new.seq)
BEGIN
  SELECT RAISE(ABORT, 'the audit log is never changed');
END;
-- +goose StatementEnd

CREATE INDEX audit_person ON audit (person, seq);
CREATE INDEX audit_target ON audit (target, seq);
CREATE INDEX audit_at ON audit (at);

-- People who had what is known about them deleted. Their ids stay where they are; what else stays shows them without a name.
CREATE TABLE erased (
  person TEXT    PRIMARY KEY,
  at     INTEGER NOT NULL,
  done   INTEGER NOT NULL DEFAULT 0 -- rooms do not have the name any more
) WITHOUT ROWID;

-- +goose Down
DROP TABLE erased;
DROP INDEX audit_at;
DROP INDEX audit_target;
DROP INDEX audit_person;
DROP TRIGGER audit_no_replace;
DROP TRIGGER audit_no_delete;
DROP TRIGGER audit_no_update;
DROP TABLE audit_keep;
