# A library's shelves: grouped by the first letter, as text.
let
  books = [
    { title = "Middlemarch"; year = 1871; }
    { title = "Emma"; year = 1815; }
    { title = "Moby-Dick"; year = 1851; }
    { title = "Evelina"; year = 1778; }
    { title = "Persuasion"; year = 1817; }
  ];
  letter = book: builtins.substring 0 1 book.title;
  shelves = builtins.groupBy letter books;
  byYear = builtins.sort (a: b: a.year < b.year);
  line = book: "  ${toString book.year}  ${book.title}\n";
  shelf = name: "${name}\n" + builtins.concatStringsSep "" (map line (byYear shelves.${name}));
in
builtins.concatStringsSep "" (map shelf (builtins.attrNames shelves))
