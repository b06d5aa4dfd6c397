"""printer.py FOLDER [silent]: prints a numbered line every 10 ms, and keeps in FOLDER/PID how many were printed. Dies of SIGPIPE, as most programs do.
A silent one only is there."""
import os
import signal
import sys
import time

signal.signal(signal.SIGPIPE, signal.SIG_DFL)
count = os.open(f"{sys.argv[1]}/{os.getpid()}", os.O_CREAT | os.O_WRONLY)
while sys.argv[2:] == ["silent"]:
    signal.pause()
number = 0
while True:
    number += 1
    os.write(1, b"line %d of %d\n" % (number, os.getpid()))
    os.pwrite(count, b"%d" % number, 0)
    time.sleep(0.01)
