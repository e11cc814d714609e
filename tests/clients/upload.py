"""An upload of 2 GiB, while the memory of the server is watched."""
import json
import os
import pathlib
import shutil
import subprocess
import time

from support import Failure, eventually, ok

SIZE = 2 << 30
MORE = 48 << 20  # bytes that the whole server may take beyond what it had


def resident(server):
    """Bytes of memory that all processes of the server have to themselves and in common, without files."""
    sum = 0
    for pid in server.processes():
        try:
            fields = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
            sum += int(fields["RssAnon"].split()[0]) * 1024 + int(fields["RssShmem"].split()[0]) * 1024
        except (OSError, KeyError):
            pass  # it has ended meanwhile
    return sum


def curl_uploads_2_gib_in_flat_memory(server):
    uploads = server.directory / "uploads"
    ram = pathlib.Path("/dev/shm")
    if ram.is_dir() and shutil.disk_usage(ram).free > 2 * SIZE:
        # Where there is much memory it need not go through a disk.
        uploads = ram / f"swoole-uploads-{server.port}"
        uploads.mkdir()
        shutil.rmtree(server.directory / "uploads")
        (server.directory / "uploads").symlink_to(uploads)
    try:
        send(server, uploads)
        eventually(lambda: not os.listdir(uploads), "nothing is left of it")
    finally:
        if uploads.parent == ram:
            (server.directory / "uploads").unlink()
            shutil.rmtree(uploads)
            (server.directory / "uploads").mkdir()


def send(server, uploads):
    file = server.directory / "huge"
    with open(file, "wb") as sparse:
        sparse.truncate(SIZE)
    command = ["curl", "-sS", "--max-time", "50", "-F", "before=1", "-F", f"huge=@{file}", "-F", "behind=2", server.url("/upload")]
    least = most = resident(server)
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as curl:
        seen = 0
        while curl.poll() is None:
            most = max(most, resident(server))
            seen = max([seen, *(path.stat().st_size for path in uploads.iterdir() if path.exists())])
            time.sleep(0.02)  # time: that is how often memory is looked at
        said = curl.stdout.read().decode(errors="replace")
    file.unlink()
    if curl.returncode != 0 or said != json.dumps({"huge": SIZE}, separators=(",", ":")):
        raise Failure(f"curl ended with {curl.returncode} after {time.monotonic() - begin:.1f} s: {said}")
    ok(seen > 0, "the file grows while it comes")
    ok(most - least < MORE, f"memory is flat: {least >> 20} MiB before, {most >> 20} MiB at most")


TESTS = [curl_uploads_2_gib_in_flat_memory]
