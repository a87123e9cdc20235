console.log("żółw 🐢 日本語");
