def main : i32 =
  let numbers = [1, 2, 3]
  in numbers[5]
