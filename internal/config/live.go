package config

import (
	"io"
	"os"
	"reflect"
)

// Live reads the settings of a process again while it runs.
type Live struct {
	command       string
	args, environ []string
	now           Settings
	seen          os.FileInfo // of the file, when it was last read; nil without one
}

// NewLive makes a Live of what Load was called with and returned.
func NewLive(command string, args, environ []string, now Settings) *Live {
	l := &Live{command: command, args: args, environ: environ, now: now}
	l.seen = l.stat()
	return l
}

// Changes are the names of the settings that have another value now.
type Changes struct {
	Taken   []string // they are in force
	Restart []string // they need a restart: the old value is still there
}

// stat looks at the file of settings; nil when there is none.
func (l *Live) stat() os.FileInfo {
	flags, _ := readFlags(l.command, l.args)
	vars, _ := readEnviron(l.environ)
	file := configFile(flags, vars)
	if file == nil {
		return nil
	}
	info, err := os.Stat(file.text)
	if err != nil {
		return nil // it is being written, or gone: what it said stands
	}
	return info
}

// Touched reports whether the file is another one than when it was last read.
func (l *Live) Touched() bool {
	info := l.stat()
	return info != nil && (l.seen == nil || !info.ModTime().Equal(l.seen.ModTime()) || info.Size() != l.seen.Size() || !os.SameFile(info, l.seen))
}

// Read reads everything again and returns the settings with what is live taken over. With an error all stays as it was.
func (l *Live) Read() (Settings, Changes, error) {
	l.seen = l.stat()
	next, err := Load(l.command, l.args, l.environ, io.Discard)
	if err != nil {
		return l.now, Changes{}, err
	}
	var c Changes
	into, from := reflect.ValueOf(&l.now).Elem(), reflect.ValueOf(next)
	for i := range table {
		row := &table[i]
		a, b := into.Field(row.index), from.Field(row.index)
		switch {
		case reflect.DeepEqual(a.Interface(), b.Interface()):
		case row.live:
			a.Set(b)
			c.Taken = append(c.Taken, row.name)
		default:
			c.Restart = append(c.Restart, row.name)
		}
	}
	return l.now, c, nil
}
