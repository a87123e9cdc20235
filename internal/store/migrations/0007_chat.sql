-- +goose Up
-- Finds old chat messages, where they are not kept for ever.
CREATE INDEX events_chat ON events (at) WHERE kind = 'chat';

-- +goose Down
DROP INDEX events_chat;
