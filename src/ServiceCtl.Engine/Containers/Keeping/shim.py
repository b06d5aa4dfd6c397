"""The first program of a container: takes over the agent's sockets and output, and becomes the program that follows.

Python 3.9 or newer, nothing but its standard library.
"""
import fcntl
import os
import socket
import sys

FIRST = 3  # as with systemd's socket activation: LISTEN_FDS


def main(path, count, program):
    with socket.socket(socket.AF_UNIX) as keeper:
        keeper.connect(path)
        _, received, _, _ = socket.recv_fds(keeper, 1, 2 + count)
    if len(received) != 2 + count:
        sys.exit(f"servicectl: {len(received)} descriptors arrived, {2 + count} were expected")
    # Out of the way first: their numbers may be those that they are to have.
    moved = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, FIRST + count + 1) for one in received]
    for number, one in zip([1, 2, *range(FIRST, FIRST + count)], moved):
        os.dup2(one, number)
    os.environ.update(LISTEN_FDS=str(count), LISTEN_PID=str(os.getpid()))
    try:
        os.execvp(program[0], program)
    except OSError as error:
        sys.stderr.write(f"servicectl: can't run {program[0]}: {error.strerror}\n")
        os._exit(127 if isinstance(error, FileNotFoundError) else 126)


main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
