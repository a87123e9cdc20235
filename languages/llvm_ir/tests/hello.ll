@text = private constant [14 x i8] c"Hello, world!\00"

declare i32 @puts(ptr)

define i32 @main() {
  call i32 @puts(ptr @text)
  ret i32 0
}
