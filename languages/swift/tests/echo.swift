while let line = readLine() {
    print("you said: \(line)")
}
