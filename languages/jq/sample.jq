# A small library: who wrote most of it? (Values from outside come with `input` and `inputs`.)
[
  {"title": "The Dispossessed", "author": "Le Guin", "year": 1974, "pages": 341},
  {"title": "The Left Hand of Darkness", "author": "Le Guin", "year": 1969, "pages": 286},
  {"title": "Solaris", "author": "Lem", "year": 1961, "pages": 204},
  {"title": "Roadside Picnic", "author": "Strugatsky", "year": 1972, "pages": 191},
  {"title": "The Cyberiad", "author": "Lem", "year": 1965, "pages": 295}
]
| group_by(.author)
| map({
    author: .[0].author,
    books: length,
    pages: map(.pages) | add,
    first: min_by(.year).title
  })
| sort_by(-.pages)[]
| "\(.author): \(.books) book\(if .books > 1 then "s" else "" end), \(.pages) pages, at first “\(.first)”"
