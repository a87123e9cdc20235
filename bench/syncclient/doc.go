// Package syncclient is a client of a room without a screen: docs/protocol.md's client side, in Go. The load generator
// types through it, and so do tests of the whole program.
//
// It has two halves. A State is the pure state machine: messages of the server and edits of the person go in, batches
// come out, and nothing in it knows of time or of the network. A Client drives one State over a WebSocket: it joins,
// keeps the connection alive, reconnects and resumes.
//
// What a State holds for each file is three texts, of which two are implied:
//
//	committed ──flying──▶ (what the batch in flight makes of it) ──pending──▶ local
//
// Every event of the log is mapped over flying and then over pending, one event at a time and never composed, with
// ties broken by client id; the server does the mirror image, and so both end with the same text.
package syncclient
