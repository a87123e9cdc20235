package server

import (
	"fmt"
	"net/http"
	"testing"

	"codecollab.dev/internal/room"
	"codecollab.dev/internal/wire"
)

func TestPastRuns(t *testing.T) {
	h := newHouse(t)
	path := "/api/v1/rooms/" + h.room + "/runs"
	ann := h.socket(h.client)
	j := h.joined(ann)
	ann.say(fmt.Sprintf(`{"t":"batch","seq":1,"base":%d,"body":{"kind":"run","file":%q,"language":"python","stdin":"in"}}`, j.Version, j.Snapshot.Files[0].ID))
	run := wait(t, ann, func(e *wire.Event) bool { return e.Seq == 1 }).Version
	err := h.server.opt.Rooms.Use(t.Context(), h.room, func(r *room.Room) error {
		return r.Finish(t.Context(), wire.Finish{Run: run, Outcome: "exited", Output: []wire.Chunk{{Stream: "stdout", Data: "<b>1</b>"}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		Runs []wire.RunRecord
		More bool
	}
	h.call(h.client, "GET", path, "", http.StatusOK, &page)
	if len(page.Runs) != 1 || page.More || page.Runs[0].Run != run || page.Runs[0].Request.Stdin != "in" || page.Runs[0].Finish.Outcome != "exited" {
		t.Errorf("%+v", page)
	}
	var one wire.RunRecord
	h.call(h.client, "GET", fmt.Sprint(path, "/", run), "", http.StatusOK, &one)
	if one.By != j.Person || len(one.Finish.Output) != 1 || one.Finish.Output[0].Data != "<b>1</b>" {
		t.Errorf("%+v", one)
	}
	h.call(h.client, "GET", path+"/1", "", http.StatusNotFound, nil)
	h.call(h.client, "GET", path+"/x", "", http.StatusNotFound, nil)
	h.call(h.client, "GET", path+"?limit=x", "", http.StatusBadRequest, nil)
	h.call(h.client, "GET", "/api/v1/rooms/none/runs/1", "", http.StatusNotFound, nil)
}
