package runner

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Documented lists what docs/runner-api.md must mention: every field of requests, answers and messages, every close code
// and every extension of files that are given back.
func Documented() []string {
	var words []string
	for _, v := range []any{body{}, stageResult{}, answer{}, leftFile{}, fromClient{}, runtimeMessage{}, stageMessage{}, dataMessage{},
		errorMessage{}, waitingMessage{}, skippedMessage{}, refusal{}, formatRequest{}, formatted{}, unformatted{}, packageInfo{}, packageRequest{}, packageDone{}, Checked{}, runtimeInfo{}} {
		t := reflect.TypeOf(v)
		for i := range t.NumField() {
			if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" {
				words = append(words, name)
			}
		}
	}
	for _, code := range []any{closeAlreadyInitialized, closeInitTimeout, closeNotified, closeNotInitialized, closeOnlyStdin, closeInvalidSignal, closeDone} {
		words = append(words, fmt.Sprintf("%d", code))
	}
	for kind := range shownKinds {
		words = append(words, kind)
	}
	slices.Sort(words)
	return slices.Compact(words)
}
