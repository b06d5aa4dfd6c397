"""gunicorn as 'python -m gunicorn' runs it, but that its workers leave word when they have loaded the application. Made by ServiceCtl."""
import os
import sys

WORD = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'workers')
sys.path[0] = os.getcwd()

from gunicorn.app.wsgiapp import WSGIApplication  # noqa: E402


class Application(WSGIApplication):
    word = None

    def load_config(self):
        """Called at each reload, too."""
        super().load_config()
        if self.word is not None:
            os.close(self.word)
        # Opened here, because workers may run as another user.
        self.word = os.open(WORD, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.write(self.word, b'wanted %d\n' % self.cfg.workers)
        configured = self.cfg.post_worker_init

        def post_worker_init(worker):
            configured(worker)
            os.write(self.word, b'loaded %d\n' % os.getpid())

        self.cfg.set('post_worker_init', post_worker_init)


if __name__ == '__main__':
    Application('%(prog)s [OPTIONS] [APP_MODULE]').run()
