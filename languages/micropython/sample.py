# A thermometer as on a small board: raw readings become degrees, and one byte of alarm bits.
from array import array
from struct import pack

readings = array("H", [512, 530, 561, 608, 655, 700, 690, 640])
ALARM = 25.0


def degrees(raw):
    return raw * 3.3 / 1023 * 20 - 15


alarms = 0
for bit, raw in enumerate(readings):
    t = degrees(raw)
    if t > ALARM:
        alarms |= 1 << bit
    print("{:5.1f} °C  {}{}".format(t, "=" * int(t), "!" if t > ALARM else ""))
print("alarm register:", "{:08b}".format(alarms), pack("B", alarms))
