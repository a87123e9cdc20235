package hint

import "codecollab.dev/internal/hint/mutate"

func (q *inquiry) patterns() {}

func (q *inquiry) patternDetail(f Fact) (mutate.Op, string) { return "", "" }
