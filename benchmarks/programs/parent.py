"""parent.py FOLDER: starts a helper in its own process group and one in a session of its own, and writes their pids to FOLDER/PID."""
import os
import signal
import subprocess
import sys

helpers = [subprocess.Popen(["sleep", "1000000"], start_new_session=own_session) for own_session in (False, True)]
path = f"{sys.argv[1]}/{os.getpid()}"
with open(path + ".new", "w") as file:
    file.write(" ".join(str(helper.pid) for helper in helpers))
os.rename(path + ".new", path)
while True:
    signal.pause()
