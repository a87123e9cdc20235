package hint

import (
	"fmt"
	"path"
	"strings"
)

// shellJob is a job as files that a shell can read.
func shellJob(language string, j job) []File {
	compiler, extensions := "gcc -std=gnu17", []string{".c"}
	if language == "c++" {
		compiler, extensions = "g++ -std=c++20", []string{".cpp", ".cc", ".cxx"}
	}
	var files []File
	var sources []string
	for _, f := range j.Files {
		if strings.ContainsAny(f.Name, "/ '\"$`\\") {
			continue // such names would need quoting, and are rare
		}
		files = append(files, File{f.Name + ".source", f.Text})
		for _, e := range extensions {
			if path.Ext(f.Name) == e {
				sources = append(sources, f.Name)
			}
		}
	}
	for i, t := range j.Tests {
		files = append(files, File{fmt.Sprintf("%d.in", i), t.Stdin}, File{fmt.Sprintf("%d.want", i), t.Expected})
	}
	var order []string
	for _, i := range j.Order {
		order = append(order, fmt.Sprint(i))
	}
	var mutants strings.Builder
	for id, m := range j.Mutants {
		fmt.Fprintf(&mutants, "%d\t%s\t%d\t%s\n", id, m.File, m.Line, strings.ReplaceAll(m.Text, "\n", "\001"))
	}
	flags := ""
	if j.Sanitize {
		flags = sanitize
	}
	settings := fmt.Sprintf("mode=%s\nmain='%s'\ncompiler='%s'\nsanitize='%s'\nflags='%s'\nsources='%s'\ntests=%d\norder='%s'\nseconds=%.2f\nbudget=%d\n",
		j.Mode, shellName(j.Main), compiler, sanitize, flags, strings.Join(sources, " "), len(j.Tests), strings.Join(order, " "), j.Seconds, max(1, int(j.Budget)))
	return append(files, File{"settings.txt", settings}, File{"mutants.tsv", mutants.String()})
}

// sanitize are the flags of what finds faults of memory and numbers while a program runs.
const sanitize = "-fsanitize=address,undefined -fno-sanitize-recover=all"

// shellName is a name between quotes; one that would need more of them is left out, as its file is.
func shellName(name string) string {
	if strings.ContainsAny(name, "/ '\"$`\\") {
		return ""
	}
	return name
}
