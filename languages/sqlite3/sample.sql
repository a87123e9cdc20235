-- Where do the trains go? A recursive query finds every way from Basel, and the shortest of each.
CREATE TABLE line (a TEXT, b TEXT, minutes INTEGER);
INSERT INTO line VALUES
  ('Basel', 'Olten', 25), ('Olten', 'Bern', 27), ('Olten', 'Luzern', 35),
  ('Basel', 'Zürich', 53), ('Zürich', 'Luzern', 42), ('Bern', 'Thun', 18), ('Thun', 'Brig', 36);

WITH RECURSIVE trip (place, minutes, way) AS (
  SELECT 'Basel', 0, 'Basel'
  UNION ALL
  SELECT line.b, trip.minutes + line.minutes, trip.way || ' → ' || line.b
  FROM trip JOIN line ON line.a = trip.place
)
SELECT place, min(minutes) AS minutes, way
FROM trip
WHERE place <> 'Basel'
GROUP BY place
ORDER BY minutes;
