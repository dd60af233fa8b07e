#!/usr/bin/env python3
"""Clients of many kinds for the tests of 'rebut serve'.

    traffic.py load ADDRESS TOKEN SECONDS [THREADS [PATH]]   one request a connection, as fast as it goes;
                                         prints how many had which end, as JSON
    traffic.py raw ADDRESS FILE          sends the file's bytes, prints what comes back
    traffic.py drip ADDRESS SECONDS      a request's head, a byte every 0.2 s: prints when it was cut
    traffic.py sip ADDRESS TOKEN PATH    asks 400 times at once, and takes the answers a byte at a time
    traffic.py late ADDRESS PID          connects, tells the server to end, then asks for /healthz
    traffic.py idle ADDRESS COUNT        opens connections, then asks for /healthz on a new one
"""
import json
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections import Counter


def connect(address, timeout=20):
    if address.startswith("unix:"):
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(timeout)
        peer.connect(address[5:])
        return peer
    host, port = address.split("//")[1].rsplit(":", 1)
    return socket.create_connection((host.strip("[]"), int(port)), timeout=timeout)


def read_all(peer):
    data = b""
    while True:
        piece = peer.recv(65536)
        if not piece:
            return data
        data += piece


def load(address, token, seconds, threads=8, path="/v1/queue?limit=5"):
    ends, until, lock = Counter(), time.time() + float(seconds), threading.Lock()
    request = (f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
               f"Authorization: Bearer {token}\r\n\r\n").encode()

    def work():
        while time.time() < until:
            try:
                peer = connect(address)
            except (ConnectionRefusedError, FileNotFoundError):
                with lock:
                    ends["refused"] += 1
                time.sleep(0.02)
                continue
            except OSError:
                continue
            with peer:
                try:
                    peer.sendall(request)
                    data = read_all(peer)
                    head, _, body = data.partition(b"\r\n\r\n")
                    status = head.split()[1].decode() if head else "dropped"
                    size = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                    if size and int(size[0].split(b":")[1]) != len(body):
                        status = "cut"
                    if status == "503" and b"retry-after" not in head.lower():
                        status = "503 without Retry-After"
                except OSError:
                    status = "dropped"
                with lock:
                    ends[status] += 1

    workers = [threading.Thread(target=work) for _ in range(int(threads))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(json.dumps(ends))


def raw(address, path):
    with connect(address, 5) as peer:
        try:
            peer.sendall(open(path, "rb").read())
            peer.shutdown(socket.SHUT_WR)
            sys.stdout.buffer.write(read_all(peer))
        except OSError as error:
            print("closed:", error)


def drip(address, seconds):
    begin = time.time()
    with connect(address) as peer:
        peer.settimeout(0.01)
        try:
            peer.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
            while time.time() - begin < float(seconds):
                peer.sendall(b"a")
                time.sleep(0.2)
                try:
                    if not peer.recv(1):
                        break
                except socket.timeout:
                    pass
        except OSError:
            pass
    print(int(time.time() - begin))


def sip(address, token, path):
    with connect(address) as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        peer.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode() * 400)
        try:
            while peer.recv(1):
                time.sleep(0.05)
        except OSError:
            pass


def late(address, pid):
    with connect(address) as peer:
        time.sleep(0.2)
        os.kill(int(pid), signal.SIGTERM)
        time.sleep(0.5)
        peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        try:
            print(read_all(peer).split()[1].decode())
        except (OSError, IndexError):
            print("dropped")


def idle(address, count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    peers, fails = [], 0
    while len(peers) < int(count) and fails < 100:
        try:
            peers.append(connect(address, 5))
        except OSError: # the system's own queue is full
            fails += 1
            time.sleep(0.05)
    time.sleep(0.5)
    with connect(address, 10) as peer:
        peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        try:
            print(len(peers), read_all(peer).split()[1].decode())
        except (OSError, IndexError):
            print(len(peers), "none")


{"load": load, "raw": raw, "drip": drip, "sip": sip, "idle": idle, "late": late}[sys.argv[1]](*sys.argv[2:])
