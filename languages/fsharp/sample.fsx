// Units of measure: the compiler knows that kilometres by hours are a speed, and refuses to add the two.
[<Measure>] type km
[<Measure>] type h

type Vehicle =
    | Bicycle
    | Train of stops: int
    | Car of traffic: float

let speed vehicle : float<km/h> =
    match vehicle with
    | Bicycle -> 18.0<km/h>
    | Train stops -> 120.0<km/h> - float stops * 8.0<km/h>
    | Car traffic -> 90.0<km/h> * (1.0 - traffic)

let distance = 45.0<km>

[ "bicycle", Bicycle; "slow train", Train 9; "fast train", Train 1; "car", Car 0.6 ]
|> List.map (fun (name, vehicle) -> name, distance / speed vehicle)
|> List.sortBy snd
|> List.iter (fun (name, time) -> printfn "%-10s %3.0f minutes" name (float time * 60.0))
