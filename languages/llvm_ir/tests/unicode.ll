@text = private constant [21 x i8] c"Grüße, 世界 🌍\00"

declare i32 @puts(ptr)

define i32 @main() {
  call i32 @puts(ptr @text)
  ret i32 0
}
