(: A small library as XML, asked who wrote most, and answered as a page. :)
let $library :=
  <library>
    <book year="1949" pages="328"><author>Orwell</author><title>Nineteen Eighty-Four</title></book>
    <book year="1945" pages="112"><author>Orwell</author><title>Animal Farm</title></book>
    <book year="1818" pages="280"><author>Shelley</author><title>Frankenstein</title></book>
    <book year="1826" pages="470"><author>Shelley</author><title>The Last Man</title></book>
    <book year="1843" pages="102"><author>Lovelace</author><title>Notes on the Engine</title></book>
  </library>
return
  <ul>{
    for $book in $library/book
    group by $author := $book/author/string()
    order by sum($book/@pages) descending
    return <li>{ $author } wrote { sum($book/@pages) } pages: { string-join(sort($book/title), "; ") }</li>
  }</ul>
