"""Copies a requirements file without what is there already: python -c … FILE COPY. One with options of pip is left to pip."""
import os
import shlex
import sys
from importlib import metadata

from pip._vendor.packaging.requirements import InvalidRequirement, Requirement


def is_met(line):
    try:
        wanted = Requirement(line.split(" #")[0])
        if wanted.marker and not wanted.marker.evaluate():
            return True
        if wanted.url or wanted.extras:
            return False
        return wanted.specifier.contains(metadata.version(wanted.name), prereleases=True)
    except (InvalidRequirement, metadata.PackageNotFoundError):
        return False


with open(sys.argv[1], encoding="utf-8-sig") as file:
    lines = [line.strip() for line in file]
wanted = [line for line in lines if line and not line.startswith("#")]
if any(line.startswith("-") or line.endswith("\\") for line in wanted):
    # What it includes is found from where it is.
    lines = ["-r " + shlex.quote(os.path.abspath(sys.argv[1]))]
else:
    for line in filter(is_met, wanted):
        print("The system has it:", line)
        lines.remove(line)
with open(sys.argv[2], "w", encoding="utf-8") as copy:
    copy.writelines(line + "\n" for line in lines)
