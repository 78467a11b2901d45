#!/usr/bin/env python3
"""A Portkey on loopback that delays every reply by 200 ms. Prints its port when it is ready."""

import http.server
import json
import time

DELAY = 0.2  # seconds
MODELS = ["@mistral/open-mixtral-8x7b", "@gemini/gemini-2.5-flash"]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body, kind="application/json"):
        time.sleep(DELAY)
        data = body.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.send_header("x-portkey-provider", "openai")
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if "/analytics/" in self.path:
            return self.answer(json.dumps({"summary": {"total": 1}}))
        if "/health" in self.path:
            return self.answer(json.dumps({"status": "success", "version": "0"}))
        data = [{"id": model, "slug": model.split("/")[1]} for model in MODELS]
        return self.answer(json.dumps({"object": "list", "total": len(data), "data": data}))

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        chunk = {"model": "m", "choices": [{"delta": {"content": "OK"}}]}
        self.answer(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n", "text/event-stream")

    def log_message(self, *args):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
