printfn "%d" (undeclared + 1)
