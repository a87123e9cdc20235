// Package drivers are the programs that run other programs against tests inside the sandbox, one for each language: in the
// language itself, since nothing else is sure to be there.
//
// A driver reads job.json (in C, job.txt) and writes lines of JSON, each with a type t:
//
//	{"t":"compile","ok":false,"out":"…"}                       what the compiler says
//	{"t":"run","test":0,"code":1,"late":false,"ms":3,"out":"…","err":"…"}
//	{"t":"cover","test":0,"lines":[["main.py",3],…],"stack":[["main.py",3],…]}
//	{"t":"tool","name":"pyflakes","out":"…"}                   what an analyser says
//	{"t":"mutant","id":7,"r":"pass"}                           or fail, late, skip (it does not compile)
//	{"t":"done"}                                               and nothing is missing
//
// Names of files are those of the program.
package drivers

import "embed"

//go:embed driver.*
var files embed.FS

// Source is the text of a driver.
func Source(name string) string {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(data)
}
