// Two worlds in one program: JavaScript's functions, and Java's sorted map of long numbers.
const BigInteger = java.math.BigInteger;

function factorial(n) {
  return n < 2 ? BigInteger.ONE : BigInteger.valueOf(n).multiply(factorial(n - 1));
}

const digits = new java.util.TreeMap();
for (let digit of String(factorial(100))) {
  digits.put(digit, (digits.get(digit) || 0) + 1);
}

print("The digits of 100! are not spread evenly, for it ends with noughts:");
for (let entry of digits.entrySet()) {
  print(`  ${entry.getKey()} ${"▇".repeat(entry.getValue())} ${entry.getValue()}`);
}
