"""Runs command lines against a servicectl with a home of its own, and prints how each ended.

usage: vectors.py COMMAND FOLDER SEED COUNT < verbs and their options, as JSON: {"start": ["--json", ...], ...}

The vectors hold "stop '*'" and --at-boot: ArgumentTests runs this in a mount and process namespace of its own.
"""
import json
import os
import random
import subprocess
import sys

VALUES = ["web", "*", "!web", "web-[12]", "[", "-1", "0", "10s", "1d", "10x", "abc", "99999", "99999999999999999999", "1e400", "", " ", "\x01", "on", "off", "yaml", "sysv",
          "crashed", "config-*", "key=value", "=", "--", "-", "@nosuch", "[suggest]", "имя", "a,b", "/dev/null/x", "./nosuch", "gone/x", "{}", "'", "x" * 5000, "--nosuch",
          "--json=maybe", "--timeout=10s", "--timeout=", "-n5", "-n", "2026-13-45T99:99"]

command, folder, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
options = json.load(sys.stdin)
choose = random.Random(seed)


def run(words):
    done = subprocess.run([command, *words], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def vector():
    verb = choose.choice(sorted(options))
    words = verb.split()
    for _ in range(choose.randrange(6)):
        if options[verb] and choose.random() < 0.6:
            words.append(choose.choice(options[verb]))
        if choose.random() < 0.75:
            words.append(choose.choice(VALUES))
    return words


ends = {}
run(["register", os.path.join(folder, "web")])
for number in range(count):
    words = vector()
    rc, text = run(words)
    ends[rc] = ends.get(rc, 0) + 1
    if rc not in (0, 1, 2, 3) or "Unhandled exception" in text or "This is a fault of ServiceCtl" in text or "not foreseen" in text:
        print(f"{words} ends in {rc}: {text[-2000:]}")
print(f"{count} vectors: {dict(sorted(ends.items()))}")
