// Two voices in parallel: "spork" starts a thread, "=> now" lets time pass.
[60, 62, 64, 65, 67] @=> int scale[];

fun void voice(string name, dur beat, int times)
{
    for (0 => int i; i < times; i++)
    {
        scale[i % scale.size()] => int note;
        chout <= (now / 1::second) <= "s  " <= name <= " plays " <= note
              <= " (" <= Math.round(Std.mtof(note)) <= " Hz)" <= IO.newline();
        beat => now;
    }
}

spork ~ voice("flute", 500::ms, 4);
spork ~ voice("bass", 750::ms, 3);
3::second => now;
chout <= "silence" <= IO.newline();
