package runner

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// handler answers a request; its error becomes a status and {"message": "…"}.
type handler func(http.ResponseWriter, *http.Request) error

const root = "/api/v2"

// Handler is the whole API. Its answers are JSON. Paths and methods are looked up as Piston's framework does: without
// regard to case or a slash at the end, HEAD is a GET without a body, OPTIONS lists the methods, all else is not found.
func (s *Server) Handler() http.Handler {
	table := map[string]map[string]handler{
		"":                 {"GET": s.welcome},
		root + "/runtimes": {"GET": s.listRuntimes},
		root + "/execute":  {"POST": s.execute},
		root + "/connect":  {"GET": s.connect},
		root + "/format":   {"POST": s.format},
		root + "/packages": {"GET": s.listPackages, "POST": s.installPackage, "DELETE": s.removePackage},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.gate.headers(w.Header())
		if err := s.route(table, w, r); err != nil {
			s.fail(w, err)
		}
	})
}

func (s *Server) route(table map[string]map[string]handler, w http.ResponseWriter, r *http.Request) error {
	if err := s.authorized(r); err != nil {
		return err
	}
	path := strings.ToLower(strings.TrimSuffix(r.URL.Path, "/"))
	// The public Piston had its API one folder below; whoever only changes the host's name still asks there.
	if rest, ok := strings.CutPrefix(path, root+"/piston/"); ok {
		path = root + "/" + rest
	}
	reads := slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, r.Method)
	if strings.HasPrefix(path, root) && !reads && !saysJSON(r) {
		return &httpError{http.StatusUnsupportedMediaType, "requests must be of type application/json"}
	}
	methods := table[path]
	method := r.Method
	if method == "HEAD" {
		method = "GET" // net/http leaves the body out
	}
	if h := methods[method]; h != nil {
		return h(w, r)
	}
	if method == "OPTIONS" && methods != nil {
		return listMethods(w, methods)
	}
	return &httpError{http.StatusNotFound, "Not Found"}
}

func listMethods(w http.ResponseWriter, methods map[string]handler) error {
	var names []string
	for _, name := range []string{"GET", "POST", "DELETE"} {
		if methods[name] == nil {
			continue
		}
		if names = append(names, name); name == "GET" {
			names = append(names, "HEAD")
		}
	}
	list := strings.Join(names, ",")
	w.Header().Set("Allow", list)
	_, err := io.WriteString(w, list)
	return err
}

func (s *Server) welcome(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, http.StatusOK, map[string]string{"message": "CodeCollab runner, Piston API v2"})
}

// unnamed is the type that fetch gives to a text whose sender named none.
const unnamed = "text/plain;charset=UTF-8"

// saysJSON is Piston's test, but that a client which names no type is believed to send JSON, as one that npm serves
// does. Not so a browser: with this type, pages of others may send what they like without asking first.
func saysJSON(r *http.Request) bool {
	kind := r.Header.Get("Content-Type")
	return strings.HasPrefix(strings.ToLower(kind), "application/json") || kind == unnamed && r.Header.Get("Origin") == ""
}

// readBody reads a request's JSON, which may be compressed. No body is an empty object.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if _, params, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil {
		if charset := strings.ToLower(params["charset"]); charset != "" && charset != "utf-8" && charset != "utf8" && charset != "us-ascii" {
			return nil, refuse("unsupported charset %q: send UTF-8", cut(charset))
		}
	}
	plain, err := inflate(r.Header.Get("Content-Encoding"), http.MaxBytesReader(w, r.Body, s.options.MaxBody))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(plain, s.options.MaxBody+1))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) || int64(len(raw)) > s.options.MaxBody {
		return nil, refuse("the request is larger than the %d bytes allowed", s.options.MaxBody)
	}
	if err != nil {
		return nil, refuse("the request could not be read to its end")
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return []byte("{}"), nil
	}
	return raw, nil
}

func inflate(encoding string, body io.Reader) (io.Reader, error) {
	var plain io.Reader
	var err error
	switch strings.ToLower(encoding) {
	case "", "identity":
		return body, nil
	case "gzip":
		plain, err = gzip.NewReader(body)
	case "deflate":
		plain, err = zlib.NewReader(body)
	default:
		return nil, refuse("unsupported content encoding %q: send gzip, deflate or none", cut(encoding))
	}
	if err != nil {
		return nil, refuse("the request is not valid %s", cut(encoding))
	}
	return plain, nil
}
