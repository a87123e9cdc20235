enum Animal { Turtle = "żółw 🐢 日本語" }
console.log(Animal.Turtle);
