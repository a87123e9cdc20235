version ; says which GT.M this is
 write $zversion,!
 quit
