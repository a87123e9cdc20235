;; Copies byte by byte, with "you said: " at the beginning of each line.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 32) "you said: ")
  (func $put (param $at i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $length))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "_start")
    (local $begins i32)
    (local.set $begins (i32.const 1))
    (block $end
      (loop $next
        (i32.store (i32.const 0) (i32.const 64))
        (i32.store (i32.const 4) (i32.const 1))
        (br_if $end (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (br_if $end (i32.eqz (i32.load (i32.const 8))))
        (if (local.get $begins) (then (call $put (i32.const 32) (i32.const 10))))
        (call $put (i32.const 64) (i32.const 1))
        (local.set $begins (i32.eq (i32.load8_u (i32.const 64)) (i32.const 10)))
        (br $next)))))
