Js.log({j|Grüße, 世界 🌍|j});
