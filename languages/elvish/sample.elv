# Pipes that carry values: maps go in, maps come out, and nobody parses text.
use str

var people = [
  [&name=Ada      &born=(num 1815) &tongues=[English French]]
  [&name=Grace    &born=(num 1906) &tongues=[English German]]
  [&name=Katherine &born=(num 1918) &tongues=[English]]
  [&name=Karen    &born=(num 1935) &tongues=[English French]]
]

echo 'Before 1920:'
all $people | keep-if {|p| < $p[born] 1920 } | order &reverse &key={|p| put $p[born] } | each {|p|
  echo '  '$p[born] $p[name]
}

var speakers = [&]
for p $people {
  for tongue $p[tongues] {
    set speakers[$tongue] = [(if (has-key $speakers $tongue) { all $speakers[$tongue] }) $p[name]]
  }
}
keys $speakers | order | each {|t| echo $t': '(str:join ', ' $speakers[$t]) }
