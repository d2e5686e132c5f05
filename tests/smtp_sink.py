"""A mail server on this machine that keeps what it is sent."""

import socketserver
from contextlib import contextmanager
from threading import Thread

REPLIES = {
    "EHLO": b"250 here\r\n",
    "HELO": b"250 here\r\n",
    "DATA": b"354 go on\r\n",
    "QUIT": b"221 bye\r\n",
}


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word, _space, rest = line.decode().strip().partition(" ")
            if word.upper() == "RCPT":
                self.server.recipients.append(rest.partition("<")[2].partition(">")[0])
            self.wfile.write(REPLIES.get(word.upper(), b"250 ok\r\n"))
            if word.upper() == "DATA":
                while self.rfile.readline().rstrip() != b".":
                    pass
                self.wfile.write(b"250 kept\r\n")
            elif word.upper() == "QUIT":
                return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def receiving():
    """Its port, and the list of the addresses that mails were sent to."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.recipients = []
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], server.recipients
    finally:
        server.shutdown()
        server.server_close()
