"""What holds without saying so: a name, a configuration in etc/, a server, the pages, points on stderr, exceptions in the log."""

from cordio import App

app = App("defaults")

if __name__ == "__main__":
    raise SystemExit(app.run(mode="server"))
