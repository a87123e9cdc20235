package hint

// detail is what a template needs beside the category.
type detail struct{}

// Grounded makes a hint of findings alone, or says that they are not enough for one.
func Grounded(a Ask, f Findings) (Hint, bool) { return Hint{}, false }
