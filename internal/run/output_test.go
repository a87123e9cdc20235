package run

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type sent struct {
	at   time.Duration
	data string
}

// listen makes an output whose pieces are noted with their time.
func listen() (o *output, all *[]sent) {
	begun, all := time.Now(), &[]sent{}
	return newOutput(Options{HeadBytes: 100, TailBytes: 100}, func(_, data string) {
		*all = append(*all, sent{time.Since(begun), data})
	}), all
}

func TestLiveOutput(t *testing.T) {
	t.Run("is sent at once after a pause, and then gathered for a moment", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o, all := listen()
			for range 10 {
				o.add("stdout", "x")
				time.Sleep(6 * time.Millisecond)
			}
			o.close()
			time.Sleep(time.Second)
			if got := fmt.Sprint(*all); got != "[{0 x} {31000000 xxxxx} {60000000 xxxx}]" {
				t.Error(got)
			}
		})
	})
	t.Run("is sent at once when it is much", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o, all := listen()
			o.add("stdout", strings.Repeat("x", livePiece))
			if len(*all) != 1 {
				t.Error(len(*all))
			}
			o.close()
		})
	})
	t.Run("has marks in their place", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o, all := listen()
			o.add("stdout", "Name? ")
			o.add("typed", "ann\n")
			o.add("stdout", "A")
			o.close()
			if got := fmt.Sprint(*all); got != "[{0 Name? } {0 ann\n} {0 A}]" {
				t.Error(got)
			}
		})
	})
	t.Run("of one that prints now and then is all there", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o, all := listen()
			screen := strings.Repeat("x", 8000)
			for range 600 { // 4.8 MB in ten minutes
				o.add("stdout", screen)
				time.Sleep(time.Second)
			}
			o.close()
			bytes := 0
			for _, s := range *all {
				bytes += len(s.data)
			}
			if bytes != 600*len(screen) {
				t.Errorf("%d bytes of %d", bytes, 600*len(screen))
			}
		})
	})
	t.Run("of a flood is a trickle", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			o, all := listen()
			piece := strings.Repeat("0123456\n", 128)
			for range 10_000 { // 1 MB a second for ten seconds
				o.add("stdout", piece)
				time.Sleep(time.Millisecond)
			}
			o.add("stdout", "the end")
			o.close()
			bytes, last := 0, sent{}
			for _, s := range *all {
				bytes += len(s.data)
				last = s
			}
			if most := liveBudget + 84*(trickleBytes+len(passedOver)); bytes < liveBudget || bytes > most || len(*all) < 60 {
				t.Errorf("%d bytes in %d pieces, at most %d", bytes, len(*all), most)
			}
			if !strings.HasPrefix(last.data, passedOver) || !strings.HasSuffix(last.data, "the end") {
				t.Errorf("the last piece is %.20q … of %d bytes", last.data, len(last.data))
			}
		})
	})
}
