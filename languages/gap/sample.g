# The turns of a cube's corners as permutations: how many positions does a tiny puzzle have?
front := (1,2,3,4)(5,8,11,14)(6,9,12,15);
right := (2,7,10,3)(9,16,18,12)(5,17,19,8);
puzzle := Group(front, right);

Print("Two turns make ", Size(puzzle), " positions = ", Collected(Factors(Size(puzzle))), "\n");
Print("front then right, done again and again, comes back after ", Order(front * right), " times\n\n");

Print("Groups of order up to 12 built from a symmetric one:\n");
for n in [3 .. 6] do
  group := SymmetricGroup(n);
  Print("  S", n, ": ", Size(group), " elements in ", Length(ConjugacyClasses(group)),
        " classes; simple: ", IsSimpleGroup(AlternatingGroup(n)), " for its even half\n");
od;
