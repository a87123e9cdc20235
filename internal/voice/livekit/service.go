package livekit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	callWithin = 5 * time.Second
	answerMost = 16 << 20 // a room of a thousand takes less than one
)

// participant is somebody in a room of LiveKit, as far as it matters here.
type participant struct {
	Identity   string            `json:"identity"`
	State      string            `json:"state"`
	Metadata   string            `json:"metadata"`
	Attributes map[string]string `json:"attributes"`
	Permission permission        `json:"permission"`
	Tracks     []struct {
		Source string `json:"source"`
		Muted  bool   `json:"muted"`
	} `json:"tracks"`
}

type permission struct {
	CanSubscribe   bool     `json:"can_subscribe"`
	CanPublish     bool     `json:"can_publish"`
	CanPublishData bool     `json:"can_publish_data"`
	Sources        []string `json:"can_publish_sources"`
	Hidden         bool     `json:"hidden"`
}

func permissionOf(silent bool) permission {
	p := permission{CanSubscribe: true, CanPublish: !silent, Sources: []string{}}
	if !silent {
		p.Sources = append(p.Sources, "MICROPHONE")
	}
	return p
}

// speaks reports whether their microphone is on.
func (p *participant) speaks() bool {
	for _, t := range p.Tracks {
		if t.Source == "MICROPHONE" && !t.Muted {
			return true
		}
	}
	return false
}

// listRooms are those of some rooms in which anybody is.
func (d *Desk) listRooms(ctx context.Context, names []string) (there []string, err error) {
	var answer struct {
		Rooms []struct {
			Name string `json:"name"`
		} `json:"rooms"`
	}
	err = d.ask(ctx, "ListRooms", grants{RoomList: true}, map[string]any{"names": names}, &answer)
	for _, r := range answer.Rooms {
		there = append(there, r.Name)
	}
	return there, err
}

// listParticipants are those in a room; none in a room that is not there.
func (d *Desk) listParticipants(ctx context.Context, name string) ([]participant, error) {
	var answer struct {
		Participants []participant `json:"participants"`
	}
	err := d.ask(ctx, "ListParticipants", grants{Room: name, RoomAdmin: true}, map[string]any{"room": name}, &answer)
	return answer.Participants, err
}

// ask calls LiveKit's room service. That somebody or something is not there is no failure.
func (d *Desk) ask(ctx context.Context, method string, may grants, body map[string]any, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	token, _, err := d.token("codecollab", may, about{}, time.Minute)
	if err != nil {
		return err
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.api+"/twirp/livekit.RoomService/"+method, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := d.opt.Client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, answerMost))
	switch {
	case err != nil:
		return err
	case res.StatusCode == http.StatusNotFound:
		return nil
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("%s: %.200s", res.Status, text)
	case answer == nil:
		return nil
	}
	return json.Unmarshal(text, answer)
}
