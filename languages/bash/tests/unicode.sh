printf '%s\n' 'żółw 🐢 日本語'
