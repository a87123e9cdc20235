[@bs.module "fs"] external readFileSync: (int, string) => string = "readFileSync";

readFileSync(0, "utf8")
|> Js.String.trim
|> Js.String.split("\n")
|> Js.Array.forEach(line => Js.log("you said: " ++ line));
