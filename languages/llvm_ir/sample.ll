; Powers of two as a compiler would leave them: values that never change, and a phi where two ways meet.
@line = private constant [17 x i8] c"2^%-2d = %10lld\0A\00"

declare i32 @printf(ptr, ...)

define i64 @power(i64 %base, i32 %exponent) {
entry:
  br label %loop

loop:
  %left = phi i32 [ %exponent, %entry ], [ %less, %again ]
  %product = phi i64 [ 1, %entry ], [ %more, %again ]
  %done = icmp eq i32 %left, 0
  br i1 %done, label %end, label %again

again:
  %more = mul i64 %product, %base
  %less = sub i32 %left, 1
  br label %loop

end:
  ret i64 %product
}

define i32 @main() {
entry:
  br label %loop

loop:
  %n = phi i32 [ 0, %entry ], [ %next, %loop ]
  %value = call i64 @power(i64 2, i32 %n)
  call i32 (ptr, ...) @printf(ptr @line, i32 %n, i64 %value)
  %next = add i32 %n, 4
  %more = icmp ule i32 %next, 32
  br i1 %more, label %loop, label %end

end:
  ret i32 0
}
