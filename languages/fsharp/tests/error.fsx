failwith "on purpose"
