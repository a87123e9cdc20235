(printout t "Grüße, 世界 🌍" crlf)
