// The compiler proves that the search is right before it lets it run: change a line and see it refuse.
method Find(shelf: array<int>, wanted: int) returns (place: int)
  requires forall i, j :: 0 <= i < j < shelf.Length ==> shelf[i] <= shelf[j]
  ensures 0 <= place ==> place < shelf.Length && shelf[place] == wanted
  ensures place < 0 ==> forall i :: 0 <= i < shelf.Length ==> shelf[i] != wanted
{
  var low, high := 0, shelf.Length;
  while low < high
    invariant 0 <= low <= high <= shelf.Length
    invariant forall i :: 0 <= i < shelf.Length && !(low <= i < high) ==> shelf[i] != wanted
  {
    var middle := (low + high) / 2;
    if shelf[middle] == wanted { return middle; }
    if shelf[middle] < wanted { low := middle + 1; } else { high := middle; }
  }
  return -1;
}

method Main() {
  var shelf := new int[6];
  shelf[0], shelf[1], shelf[2], shelf[3], shelf[4], shelf[5] := 2, 3, 5, 7, 11, 13;
  var place := Find(shelf, 11);
  print "11 is at ", place, "\n";
  place := Find(shelf, 8);
  print "8 is at ", place, "\n";
}
