package server

import "net/http"

// previewPolicy confines the page that a room's HTML files make. It has an origin of its own that nobody shares, so it reaches neither
// our page, nor cookies, nor storage; it may run scripts, and may load nothing: all that it is made of is handed to it. Where
// it could navigate itself to, the policy of our page decides (its default-src), and that is this server only.
const previewPolicy = "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' data: blob:; " +
	"style-src 'unsafe-inline' data: blob:; img-src data: blob:; font-src data: blob:; media-src data: blob:; connect-src 'none'; " +
	"worker-src 'none'; frame-src 'none'; object-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

// previewPage waits for a page from the one that shows it, and becomes that.
const previewPage = `<!doctype html><html><meta charset="utf-8"><title>Preview</title><script>
addEventListener("message", (event) => {
  if (event.source !== parent || typeof event.data !== "string") return;
  document.open();
  document.write(event.data);
  document.close();
});
parent.postMessage("preview: ready", "*");
</script></html>
`

// preview answers with the empty frame of a preview.
func (s *Server) preview(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", previewPolicy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-DNS-Prefetch-Control", "off")
	_, _ = w.Write([]byte(previewPage)) // the browser has gone: nobody is left to tell
}
