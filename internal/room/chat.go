package room

import (
	"context"
	"encoding/json"
	"strings"

	"codecollab.dev"
	"codecollab.dev/internal/text"
	"codecollab.dev/internal/wire"
)

// What a room's state keeps of its chat, for those who join; older messages are in the log.
const (
	recentChat      = 100
	recentChatBytes = 64 << 10
)

// chat is the end of what people have said, bounded in number and in bytes.
type chat struct {
	messages []wire.ChatMessage // oldest first
	bytes    int
	more     bool // there are older ones in the log
}

// add forgets the oldest messages that are too many. The newest stays, however long. One without a text has been forgotten
// already: see Options.ChatKeep.
func (c *chat) add(m wire.ChatMessage) {
	if m.Text == "" {
		return
	}
	c.messages = append(c.messages, m)
	c.bytes += len(m.Text)
	for len(c.messages) > 1 && (len(c.messages) > recentChat || c.bytes > recentChatBytes) {
		c.bytes -= len(c.messages[0].Text)
		c.messages = c.messages[1:]
		c.more = true
	}
}

// remembered is the state without chat messages that are older than the room keeps them. They may still be in memory while the
// room is open, but get neither to those who join nor into a snapshot.
func (r *Room) remembered(s *State) *State {
	if r.opt.ChatKeep == 0 || len(s.Chat.messages) == 0 {
		return s
	}
	since := r.opt.Now().Add(-r.opt.ChatKeep).UnixMilli()
	c := *s
	c.Chat = chat{more: s.Chat.more}
	for _, m := range s.Chat.messages {
		if m.At >= since {
			c.Chat.add(m)
		}
	}
	return &c
}

func restoreChat(messages []wire.ChatMessage, more bool) chat {
	c := chat{messages: messages, more: more}
	for i := range messages {
		c.bytes += len(messages[i].Text)
	}
	return c
}

func (d *draft) checkChat(c *wire.Chat) error {
	if strings.TrimSpace(c.Text) == "" {
		return codecollab.Errorf(codecollab.Invalid, "bad_message", "A chat message says something; this one is blank.")
	}
	if n, limit := text.Units(c.Text), d.room.opt.Limits.ChatUnits; n > limit {
		return codecollab.Errorf(codecollab.Limit, "too_large",
			"The message has %d characters; one may have %d. Send it in parts, or put it into a file.", n, limit)
	}
	return nil
}

// ChatBefore reads a page of a room's chat, oldest first, of the messages before a version (0: the newest ones). more says
// that there are older ones.
func ChatBefore(ctx context.Context, log Finder, room string, before codecollab.Version, limit int) (page []wire.ChatMessage, more bool, err error) {
	records, err := log.Find(ctx, room, Find{Kinds: []string{"chat"}, Before: before, Limit: limit + 1})
	if err != nil {
		return nil, false, err
	}
	if more = len(records) > limit; more {
		records = records[:limit]
	}
	page = make([]wire.ChatMessage, len(records))
	for i, rec := range records {
		var e wire.Event
		if err := json.Unmarshal(rec.Data, &e); err != nil {
			return nil, false, err
		}
		if c, ok := e.Body.Payload.(*wire.Chat); ok {
			page[len(records)-1-i] = wire.ChatMessage{Version: e.Version, At: e.At, By: e.By, Text: c.Text}
		}
	}
	return page, more, nil
}
