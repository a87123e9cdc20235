open Fable.Core

[<Import("readFileSync", "node:fs")>]
let readFileSync (_file: int, _encoding: string) : string = jsNative

for line in readFileSync(0, "utf8").TrimEnd().Split('\n') do
    printfn "you said: %s" line
