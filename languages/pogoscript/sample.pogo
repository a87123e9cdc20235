// Names may have spaces: the code reads like the sentence that it means.
miles per kilometre = 0.621371

convert (km) kilometres to miles =
    Math.round (km * miles per kilometre * 10) / 10

runs = [
    { name = "park run", distance = 5 }
    { name = "half marathon", distance = 21.1 }
    { name = "marathon", distance = 42.2 }
]

for each @(run) in (runs)
    miles = convert (run.distance) kilometres to miles
    console.log "#(run.name): #(run.distance) km, #(miles) miles"

longest of (list) =
    list.reduce @(a, b)
        if (a.distance > b.distance) @{ a } else @{ b }

console.log "The longest is the #((longest of (runs)).name)."
