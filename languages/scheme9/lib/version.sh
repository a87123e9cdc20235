#!/bin/sh
# Scheme 9 counts its releases by date, shows the last one, and ends with 1.
s9 -v 2>&1 || true
