"""Which of the managers are there to be measured."""
import shutil
import subprocess

from managers import PM2, ROOT, Pm2, Runit, RunitWithLogs, ServiceCtl, Supervisor
from processes import run


def available():
    """The managers that are there; for each of the others, a sentence says why not."""
    found = [ServiceCtl]
    for manager, program in ((Supervisor, "supervisord"), (Runit, "runsvdir")):
        if shutil.which(program):
            found.append(manager)
        else:
            print(f"{manager.name} is left out: there is no {program}; Debian's package {manager.name} has it")
    if PM2.exists() or install_pm2():
        found.append(Pm2)
    else:
        print("pm2 is left out: npm is not there, or could not install it")
    return found


def chosen(words):
    """Those of the managers that are there whose names were given; all without any."""
    return [manager for manager in available() if not words or manager.name in words]


def with_logs(found):
    return [RunitWithLogs if manager is Runit else manager for manager in found]


def install_pm2():
    if not shutil.which("npm"):
        return False
    return run(["timeout", "100", "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", ROOT / "output/tools/pm2", "pm2"],
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
