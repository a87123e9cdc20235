main ; Words are sorted by themselves: a subscript of an array may be any text, and is kept in order.
 new rhyme,i,word,count
 set rhyme="the house that jack built the malt that lay in the house that jack built"
 for i=1:1:$length(rhyme," ") do
 . set word=$piece(rhyme," ",i)
 . set count(word)=$get(count(word))+1
 set word=""
 for  set word=$order(count(word)) quit:word=""  do show(word,count(word))
 write !,"2 + 3 * 4 is ",2+3*4," here: the left comes first",!
 quit
show(word,n) ; a line with a bar
 new bar
 set $piece(bar,"=",n+1)=""
 write $justify(word,7)," ",bar," ",n,!
 quit
