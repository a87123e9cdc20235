let rec echo () =
  match In_channel.input_line stdin with
  | Some line ->
      print_endline ("you said: " ^ line);
      echo ()
  | None -> ()

let () = echo ()
