#include "share/atspre_staload.hats"

fun loop (): void = let
  val c = fileref_getc (stdin_ref)
in
  if c >= 0 then let
    val () = fileref_putc (stdout_ref, c)
  in
    loop ()
  end
end

implement main0 () = loop ()
