print "żółw 🐢 日本語\n";
