const numbers: i32[] = [1, 2, 3];
for (let i = 0; i < 4; i++) console.log(numbers[i].toString());
