writeInfo: runSystem$: "cat"
