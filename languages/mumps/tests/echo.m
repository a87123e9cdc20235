main ;
 new line
 for  read line quit:$zeof  write line,!
 quit
