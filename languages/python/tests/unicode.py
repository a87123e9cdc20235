print("żółw 🐢 日本語")
