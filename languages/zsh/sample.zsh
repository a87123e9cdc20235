# Words by their letters: what an anagram is made of is the same once it is sorted.
typeset -A groups
words=(listen silent enlist google elbow below stone notes onset tones inlets night thing)

for word in $words; do
  letters=(${(s::)word})          # split between any two characters
  key=${(j::)${(o)letters}}       # sort, join
  groups[$key]+="$word "
done

for key in ${(ok)groups}; do
  members=(${=groups[$key]})
  (( $#members > 1 )) && print "${(U)key}: ${(j:, :)members}"
done
exit 0
