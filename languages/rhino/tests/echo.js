var input = new java.io.BufferedReader(new java.io.InputStreamReader(java.lang.System["in"], "UTF-8"));
var line;
while ((line = input.readLine()) !== null) {
  print(line);
}
