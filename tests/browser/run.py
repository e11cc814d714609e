#!/usr/bin/env python3
"""What `make run` starts, as a person meets it: two windows of a headless Chromium on examples/php/chat.php, driven over the WebDriver
protocol. The last line is "N passed, N failed". SCREENSHOT=file keeps a picture of the page.
"""
import base64
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PATIENCE = 30.0
# Without sandbox and network services of its own: it runs as root on machines without a way out.
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=900,700"]
results = []


def check(name, passed, said=""):
    results.append(bool(passed))
    print(("ok " if passed else "FAIL ") + name + ("" if passed else f"\n    {said}"), flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def await_port(port):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)  # time: until it listens
    raise TimeoutError(f"nothing listens at port {port}")


class Browser:
    """A session of chromedriver."""

    def __init__(self, port, profile):
        self.port = port
        answer = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": FLAGS + [f"--user-data-dir={profile}"]}}}}, "")
        self.session = f"/session/{answer['sessionId']}"

    def ask(self, method, path, body=None, session=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, (self.session if session is None else session) + path, json.dumps(body) if body is not None else None,
                           {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(f"{path}: {answer['message']}")
        return answer

    def run(self, script, *arguments):
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def await_text(self, selector, pattern):
        """The text of the element, once it matches; what it is at last if it never does."""
        end = time.monotonic() + PATIENCE
        while True:
            text = self.run("const e = document.querySelector(arguments[0]); return e ? e.innerText : ''", selector)
            if re.search(pattern, text) or time.monotonic() > end:
                return text
            time.sleep(0.05)  # time: the page needs some

    def write(self, selector, text):
        (element,) = self.ask("POST", "/element", {"using": "css selector", "value": selector}).values()
        self.ask("POST", f"/element/{element}/value", {"text": text})

    def click(self, selector):
        (element,) = self.ask("POST", "/element", {"using": "css selector", "value": selector}).values()
        self.ask("POST", f"/element/{element}/click", {})


def visit(browser, port):
    address = f"http://127.0.0.1:{port}/"
    browser.ask("POST", "/url", {"url": address})
    check("the page opens", browser.ask("GET", "/title") == "Swoole-rs: talk to everybody on this page", browser.ask("GET", "/title"))
    text = browser.await_text("#state", "^connected$")
    check("its WebSocket connects", text == "connected", text)
    first = browser.ask("GET", "/window")
    other = browser.ask("POST", "/window/new", {"type": "window"})["handle"]
    browser.ask("POST", "/window", {"handle": other})
    browser.ask("POST", "/url", {"url": address})
    browser.await_text("#state", "^connected$")
    said = "Grüße <b>aus</b> dem zweiten Fenster 🦀"
    # By script: chromedriver types no letters beyond the basic plane.
    browser.run("document.querySelector('#text').value = arguments[0]", said)
    browser.click("#send")
    for name, window in (("sees it", other), ("the other window too", first)):
        browser.ask("POST", "/window", {"handle": window})
        text = browser.await_text("#log li:last-child", re.escape(said))
        check(f"who sends a message {name}" if window == other else name, said in text, text)
    browser.write("#text", "typed by hand\ue007")  # the enter key
    text = browser.await_text("#log li:last-child", "typed by hand")
    check("enter sends as well", "typed by hand" in text, text)
    long = "x" * 100_000
    browser.run("socket.send(arguments[0])", long)
    text = browser.await_text("#log li:last-child", "x{100000}")
    check("a message of 100,000 bytes comes back whole", long in text, f"{len(text)} characters")
    check("messages are compressed", browser.run("return socket.extensions").startswith("permessage-deflate"), browser.run("return socket.extensions"))
    browser.ask("POST", "/window", {"handle": other})
    browser.ask("DELETE", "/window")
    browser.ask("POST", "/window", {"handle": first})
    text = browser.await_text("#log", r"visitor \d+has left|visitor \d+\s*has left")
    check("a window that is closed has left", "has left" in text, text[-200:])
    answers = browser.run("""
        const found = [];
        for (let i = 0; i < 20; i++) { const xhr = new XMLHttpRequest(); xhr.open('GET', '/nowhere', false); xhr.send(); found.push(xhr.status); }
        return found""")
    check("other paths are 404, again and again", answers == [404] * 20, answers)
    errors = [e for e in browser.ask("POST", "/se/log", {"type": "browser"}) if "404" not in e["message"]]
    check("the browser's console has no complaint", not errors, errors)
    if os.environ.get("SCREENSHOT"):
        browser.run("document.querySelectorAll('#log li').forEach(e => { if (e.innerText.length > 1000) e.remove() })")
        pathlib.Path(os.environ["SCREENSHOT"]).write_bytes(base64.b64decode(browser.ask("GET", "/screenshot")))


def main():
    for name in ("chromium", "chromedriver"):
        if not shutil.which(name):
            print(f"FAIL {name} was not found: run scripts/deps.sh test\n0 passed, 1 failed")
            return 1
    extension = os.environ.get("SWOOLE_TEST_EXTENSION", str(ROOT / "target/release/libswoole.so"))
    port, driver_port = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="swoole-browser-") as profile:
        with open(f"{profile}/server", "w+b") as output:
            server = subprocess.Popen(["php", "-n", "-d", f"extension={extension}", "examples/php/chat.php"], cwd=ROOT, stdout=output,
                                      stderr=subprocess.STDOUT, env={**os.environ, "SWOOLE_PORT": str(port)}, start_new_session=True)
            driver = subprocess.Popen(["chromedriver", f"--port={driver_port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                      start_new_session=True)
            browser = None
            try:
                await_port(port)
                await_port(driver_port)
                browser = Browser(driver_port, f"{profile}/chromium")
                visit(browser, port)
            except Exception as error:  # whatever it is, it is a failure of the test and not of its runner
                check("nothing unexpected happens", False, repr(error))
            finally:
                if browser:
                    try:
                        browser.ask("DELETE", "")
                    except Exception:
                        pass
                os.killpg(driver.pid, signal.SIGKILL)
                driver.wait()
                server.send_signal(signal.SIGTERM)
                try:
                    code = server.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    os.killpg(server.pid, signal.SIGKILL)
                    code = "killed"
            output.seek(0)
            said = output.read().decode(errors="replace").splitlines()
            check("the server ends well and has nothing to complain of", code == 0 and len(said) == 1, f"exit code {code}: {said}")
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
