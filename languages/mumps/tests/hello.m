main ;
 write "Hello, world!",!
 quit
