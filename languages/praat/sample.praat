# A vowel made of two sine waves over a low one, and then measured as if somebody had said it.
sound = Create Sound from formula: "vowel", 1, 0, 0.5, 16000,
... "0.4 * sin (2 * pi * 120 * x) + 0.2 * sin (2 * pi * 600 * x) + 0.1 * sin (2 * pi * 1080 * x)"
duration = Get total duration
energy = Get energy: 0, 0
peak = Get maximum: 0, 0, "sinc70"

selectObject: sound
To Pitch: 0, 75, 300
pitch = Get mean: 0, 0, "Hertz"

writeInfoLine: "A sound of ", fixed$ (duration, 1), " s, energy ", fixed$ (energy, 4), " Pa² s, peak ", fixed$ (peak, 2)
appendInfoLine: "Its pitch is ", fixed$ (pitch, 0), " Hz, which is ", fixed$ (hertzToSemitones (pitch), 1), " semitones over 100 Hz"
note$ [1] = "C"
note$ [2] = "E"
note$ [3] = "G"
for i to 3
    frequency = 261.63 * 2 ^ ((i - 1) * 3.5 / 12)
    appendInfoLine: note$ [i], ": about ", fixed$ (frequency, 0), " Hz"
endfor
