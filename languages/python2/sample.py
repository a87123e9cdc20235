# What Python 2 did its own way: print was a statement, division rounded down, and anything could be compared.
from itertools import imap, izip

print "seven halves:", 7 / 2, "or", 7.0 / 2
print "sorted:", sorted([3, "two", None, 1.5, (0,)])

pairs = izip(xrange(1, 4), imap(unicode.upper, [u"one", u"two", u"three"]))
for number, word in pairs:
    print number, word,
print

ages = {"Ada": 36, "Alan": 41}
if ages.has_key("Ada"):
    print "Ada is %(Ada)d" % ages

try:
    raise ValueError, "the old way to raise"
except ValueError, error:
    print error
print 2 ** 64, type(2 ** 64)
