"""What ServiceCtl is to reach, in one table: the figures of a whole run beside their targets and beside the peers'."""
import typing

import figures
from managers import ServiceCtl

STALL = "longest stall above the median (ms)"
KILLED = "manager killed with -9, started, all started; of 10 services that"
SLOW = "Flask on uWSGI, 1 s to load: hot restart"
PEERS = ("supervisor", "runit", "pm2")


class Target(typing.NamedTuple):
    work: str
    says: str
    is_met: typing.Callable  # (our figure, all figures: work -> who -> figure)


def below(work, limit):
    return Target(work, f"< {limit}", lambda figure, _: figure < limit)


def above(work, limit):
    return Target(work, f"> {limit}", lambda figure, _: figure > limit)


def exactly(work, wanted):
    return Target(work, str(wanted), lambda figure, _: figure == wanted)


def flat(work, start):
    """Not more than a tenth above another figure."""
    return Target(work, "flat", lambda figure, found: figure <= 1.1 * found.get(start, {}).get(ServiceCtl.name, 0))


def no_later(work, other):
    """Within a tenth, and only where the other was measured."""
    return Target(work, f"as {other}", lambda figure, found: figure <= 1.1 * found[work].get(other, 0))


def restarts(server, kind="full restart"):
    return exactly(f"{server}: {kind}, requests failed", 0), below(f"{server}: {kind}, {STALL}", 30)


TARGETS = (
    below("start 500 services with one command, all alive (s)", 0.6),
    below("start 1000 (s)", 1.2),
    below("stop 500 (s)", 0.35),
    below("status of 500, as a command (s)", 0.1),
    below("`Get-PyService` of 500 in a warm session (ms)", 15),
    below("a killed service is back, no delay configured (ms)", 5),
    below("memory of the manager with 500 services, RSS (MB)", 60),
    flat("RSS after five rounds of start and stop (MB)", "memory of the manager with 500 services, RSS (MB)"),
    above("capture, 64 KB per write (MB/s)", 1400),
    above("capture, one line of 100 bytes per write (MB/s)", 110),
    exactly("lines lost or torn, of 2621440, each kept", 0),
    # What the kernel counts is hundredths of a second.
    Target("CPU with 1000 idle services (%)", "0", lambda figure, _: figure < 0.05),
    Target("uWSGI, loads in 0.2 s: start (s)", "<= 0.6", lambda figure, _: figure <= 0.6),
    Target("uWSGI, loads in 0.2 s: hot restart (s)", "<= 1.2", lambda figure, _: figure <= 1.2),
    Target("uWSGI, loads in 0.2 s: restart (s)", "<= 0.9", lambda figure, _: figure <= 0.9),
    Target("uWSGI, loads in 0.2 s: stop (s)", "<= 0.3", lambda figure, _: figure <= 0.3),
    *restarts("Flask on uWSGI"),
    *restarts("Flask on gunicorn"),
    *restarts("FastAPI on uvicorn"),
    *restarts("plain Python"),
    *restarts("Flask on uWSGI, 1 s to load", "hot restart"),
    no_later(f"{SLOW}, new code answers after (s)", "uWSGI: SIGHUP"),
    *restarts("Flask on gunicorn", "hot restart"),
    above("relog of 1 GB, counts right (MB/s)", 2500),
    flat("relog of 1 GB, memory (MB)", "relog of half, memory (MB)"),
    below("Import-Module above a bare pwsh (ms)", 150),
    below("servicectl --version (ms)", 20),
    below("servicectl status --json '*', with an agent (ms)", 25),
    exactly(f"{KILLED} print: died", 0),
    exactly(f"{KILLED} print: run twice", 0),
    exactly("log lines lost then", 0),
    exactly(f"{KILLED} do not: died", 0),
    exactly(f"{KILLED} do not: run twice", 0),
    exactly("helpers left after a stop, same process group, of 5", 0),
    exactly("helpers left after a stop, session of its own, of 5", 0),
    exactly("helpers left after a crash and the respawn, of 10", 0),
    below("`Get-PyService` of 100 over a held channel (ms)", 20),
    below("20 hosts, times one", 1.3),
    below("switch to a prepared release (s)", 1),
    below("and back (s)", 1),
    below("deploy to 1 host, the virtualenv is unchanged (s)", 3),
)


def table(path):
    found = figures.read(path)
    print(f"| work | target | ServiceCtl | | {' | '.join(PEERS)} | others |\n|---|---|---|---|{'---|' * len(PEERS)}---|")
    verdicts = []
    for target in TARGETS:
        row = found.get(target.work, {})
        own = row.get(ServiceCtl.name)
        verdict = "not measured" if own is None else "met" if target.is_met(own, found) else "missed"
        verdicts.append(verdict)
        others = "; ".join(f"{who} {figures.cell(figure, own)}" for who, figure in row.items() if who not in (ServiceCtl.name, *PEERS))
        cells = [figures.cell(own), verdict, *(figures.cell(row.get(peer), own) for peer in PEERS), others]
        print(f"| {target.work} | {target.says} | {' | '.join(cells)} |")
    print(f"\n{len(TARGETS)} targets: {', '.join(f'{verdicts.count(verdict)} {verdict}' for verdict in ('met', 'missed', 'not measured'))}")
