"""The application on a port of its own, for a browser."""

import socket
import threading
import time

from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log_request(self, code="-", size="-"):
        """Say nothing; what goes wrong is found by the tests."""


class Live:
    """A threaded server; `slow` maps the beginning of a path to seconds every answer under it waits.

    Under a path in `dead` there is no answer: the connection breaks. The browser cannot get round that.
    """

    def __init__(self, app):
        self.app, self.slow, self.dead, self.seen = app, {}, (), []
        self._busy, self._calm = 0, threading.Condition()
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.port}"
        # Asking often whether to stop makes stopping quick.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def _answer(self, environ, start_response):
        with self._calm:
            self._busy += 1
        try:
            path = environ["PATH_INFO"]
            self.seen.append((environ["REQUEST_METHOD"], path))
            if path.startswith(tuple(self.dead)):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
                raise ConnectionResetError
            time.sleep(
                max((pause for start, pause in self.slow.items() if path.startswith(start)), default=0)
            )
            return self.app(environ, start_response)
        finally:
            with self._calm:
                self._busy -= 1
                self._calm.notify_all()

    def asked(self, method, path):
        """Count the requests of a kind."""
        return self.seen.count((method, path))

    def settle(self):
        """Wait until no request is under way."""
        with self._calm:
            assert self._calm.wait_for(lambda: not self._busy, timeout=15), "a request never ended"

    def stop(self):
        """Shut the door and wait for whoever is still inside."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.settle()
