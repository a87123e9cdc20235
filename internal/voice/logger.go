package voice

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// logger hands on what Pion says. All of it is for those who debug: most of its warnings are about packets that anybody can send,
// and would let strangers fill the log.
type logger struct{ log *slog.Logger }

// NewLogger implements logging.LoggerFactory.
func (l logger) NewLogger(scope string) logging.LeveledLogger {
	return logger{l.log.With("pion", scope)}
}

func (l logger) say(format string, args ...any) {
	if l.log.Enabled(context.Background(), slog.LevelDebug) {
		l.log.Debug(fmt.Sprintf(format, args...))
	}
}

func (logger) Trace(string)                        {}
func (logger) Tracef(string, ...any)               {}
func (logger) Debug(string)                        {}
func (logger) Debugf(string, ...any)               {}
func (l logger) Info(msg string)                   { l.say("%s", msg) }
func (l logger) Infof(format string, args ...any)  { l.say(format, args...) }
func (l logger) Warn(msg string)                   { l.say("%s", msg) }
func (l logger) Warnf(format string, args ...any)  { l.say(format, args...) }
func (l logger) Error(msg string)                  { l.say("%s", msg) }
func (l logger) Errorf(format string, args ...any) { l.say(format, args...) }
