-- +goose Up
-- Finds what was said and run in a room, without reading its edits.
CREATE INDEX events_kinds ON events (room, kind, version) WHERE kind <> 'edit';

-- +goose Down
DROP INDEX events_kinds;
