"""The fleet's PostgreSQL, and questions to it."""

import os
import pathlib
import pwd
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from parts import PASSWORD, Part, descendants, send, tool, until


class Postgres(Part):
    """A PostgreSQL in a folder of its own, run by an unprivileged user."""

    polite = signal.SIGINT  # a fast shutdown

    def __init__(self, port, log):
        super().__init__("postgresql", log)
        self.port = port
        self.user = unprivileged()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-fleet-"))
        self.data = self.folder / "data"

    def create(self):
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        if self.user:
            for path in (self.folder, secret):
                os.chown(path, self.user.pw_uid, self.user.pw_gid)
        self.launch([tool("initdb"), "-D", str(self.data), "-U", "weir", "-E", "UTF8", "--no-locale",
                     "--auth=scram-sha-256", f"--pwfile={secret}"], user=self.user)
        if self.process.wait(120):
            sys.exit(f"ops/fleet: initdb failed:\n{self.told()}")

    def start(self):
        self.launch([tool("postgres"), "-D", str(self.data), "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
                     "-c", f"unix_socket_directories={self.folder}"], user=self.user)
        until("PostgreSQL answers", 60, self.answers)

    def answers(self):
        if not self.alive():
            sys.exit(f"ops/fleet: PostgreSQL ended:\n{self.told()}")
        with Sql(self.port, "postgres") as sql:
            return sql.rows("SELECT 1")

    def create_database(self):
        with Sql(self.port, "postgres") as sql:
            if sql.rows("CREATE DATABASE weir", 60) is None:  # it waits for the disk
                sys.exit(f"ops/fleet: no database was made:\n{self.told()}")

    def freeze(self):
        self.signal(signal.SIGSTOP)  # the main process first: it starts no more then
        for pid in descendants(self.pid)[1:]:
            send(pid, signal.SIGSTOP)

    def thaw(self):
        for pid in reversed(descendants(self.pid)):
            send(pid, signal.SIGCONT)

    def stop(self):
        if self.alive():
            self.thaw()
        super().stop()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def unprivileged():
    """Who runs PostgreSQL, which refuses to be run by root; None is whoever runs this."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    sys.exit("ops/fleet: PostgreSQL does not run as root, and there is no user postgres or nobody; run this as another user")


class Sql:
    """A kept session of psql; an answer is a list of lists of texts, None when there is none in time."""

    def __init__(self, port, database="weir"):
        self.argv = [tool("psql"), "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=0",
                     f"host=127.0.0.1 port={port} user=weir dbname={database} connect_timeout=2 application_name=fleet"]
        self.process = None
        self.asked = 0

    def rows(self, query, seconds=3):
        if self.process is None or self.process.poll() is not None:
            self.close()
            self.process = subprocess.Popen(
                self.argv, env={**os.environ, "PGPASSWORD": PASSWORD}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, start_new_session=True)
        self.asked += 1
        mark = f"\\echo done-{self.asked} :ERROR\n"
        try:
            self.process.stdin.write(f"{query};\n{mark}".encode())
            self.process.stdin.flush()
        except OSError:
            return self.close()
        return self.answer(f"done-{self.asked} ", time.monotonic() + seconds)

    def answer(self, mark, end):
        text = b""
        found = None
        while not found:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, end - time.monotonic()))
            part = os.read(self.process.stdout.fileno(), 1 << 16) if ready else b""
            if not part:
                return self.close()
            text += part
            found = re.search(rf"^{mark}(\w+)\n".encode(), text, re.M)
        if found.group(1) == b"true":
            return None
        return [line.split("\t") for line in text[:found.start()].decode().splitlines()]

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
