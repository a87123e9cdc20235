puts "żółw 🐢 日本語"
