// Package vscode holds the packed extension for VS Code, so that the server can offer it. `make vsix` puts it into dist.
package vscode

import "embed"

//go:embed all:dist
var dist embed.FS

// Extension is codecollab.vsix; nil when it has not been packed.
func Extension() []byte {
	data, err := dist.ReadFile("dist/codecollab.vsix")
	if err != nil {
		return nil
	}
	return data
}
