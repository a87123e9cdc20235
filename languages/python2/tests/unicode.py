# -*- coding: utf-8 -*-
print "Grüße, 世界 🌍"
