package hint

// Category is a kind of fault.
type Category string

const (
	APIMisuse       Category = "api-misuse"
	DivByZero       Category = "div-by-zero"
	IndexOutOfRange Category = "index-out-of-range"
	InfiniteLoop    Category = "infinite-loop"
	Memory          Category = "memory"
	MissingBaseCase Category = "missing-base-case"
	MissingGuard    Category = "missing-guard"
	MissingReturn   Category = "missing-return"
	NullDeref       Category = "null-deref"
	OffByOne        Category = "off-by-one"
	Overflow        Category = "overflow"
	StateMutation   Category = "state-mutation"
	Syntax          Category = "syntax"
	TypeMismatch    Category = "type-mismatch"
	UndeclaredName  Category = "undeclared-name"
	Uninitialised   Category = "uninitialised"
	Unused          Category = "unused"
	WrongCondition  Category = "wrong-condition"
	WrongOperator   Category = "wrong-operator"
	WrongVariable   Category = "wrong-variable"
	Other           Category = "other"
)

// Categories are all kinds of fault.
func Categories() []Category {
	return []Category{
		APIMisuse, DivByZero, IndexOutOfRange, InfiniteLoop, Memory, MissingBaseCase, MissingGuard, MissingReturn, NullDeref, OffByOne,
		Overflow, StateMutation, Syntax, TypeMismatch, UndeclaredName, Uninitialised, Unused, WrongCondition, WrongOperator, WrongVariable, Other,
	}
}

// Name is what people call it, after "looks like".
func (c Category) Name() string {
	switch c {
	case APIMisuse:
		return "a function or method that does not do what is expected of it here"
	case DivByZero:
		return "a division by zero"
	case IndexOutOfRange:
		return "an index out of range"
	case InfiniteLoop:
		return "a loop or recursion that never ends"
	case Memory:
		return "memory that is used wrongly"
	case MissingBaseCase:
		return "a missing base case"
	case MissingGuard:
		return "a case that is not handled"
	case MissingReturn:
		return "a missing return"
	case NullDeref:
		return "a value that is not there (null)"
	case OffByOne:
		return "a bound that is off by one"
	case Overflow:
		return "a number that grows too large for its type"
	case StateMutation:
		return "a value that is changed, or shared, where it should not be"
	case Syntax:
		return "a mistake of syntax"
	case TypeMismatch:
		return "a value of the wrong type"
	case UndeclaredName:
		return "a name that is not declared"
	case Uninitialised:
		return "a variable without its first value"
	case Unused:
		return "something that is declared and not used"
	case WrongCondition:
		return "a wrong condition"
	case WrongOperator:
		return "a wrong operator"
	case WrongVariable:
		return "a wrong variable or argument"
	}
	return "a fault"
}

// Known reports whether c is one of Categories.
func (c Category) Known() bool { return c == Other || c.Name() != Other.Name() }
