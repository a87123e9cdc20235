" Runs the program that is the first argument. What it echoes goes to standard output, and an error ends it with 1.
set nocompatible encoding=utf-8 nomore
let v:errmsg = ''
try
  let g:said = execute('source ' . fnameescape(argv(0)), '')
  call writefile(split(g:said, "\n", 1)[1:], '/dev/stdout')
catch
  call writefile([v:throwpoint . ': ' . v:exception], '/dev/stderr')
  cquit 1
endtry
if v:errmsg !=# ''
  call writefile([v:errmsg], '/dev/stderr')
  cquit 1
endif
qall!
