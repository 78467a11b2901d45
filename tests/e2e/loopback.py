"""An HTTP server on loopback that replies with JSON, for the lifetime of this process."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Loopback(ThreadingHTTPServer):
    """`reply` of a subclass gets the request and its body as text, and returns a status and bytes."""

    daemon_threads = True

    def __init__(self, poll=0.5):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(poll,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    def handle_one(self):
        text = self.rfile.read(int(self.headers.get("content-length") or 0))
        status, body = self.server.reply(self, text)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = handle_one

    def log_message(self, *_):
        pass
