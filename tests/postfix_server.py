"""Debian's Postfix as the relay: an instance of its own, with TLS and passwords, that keeps what it
takes in a Maildir."""

from __future__ import annotations

import os
import pwd
import select
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

HOST = "localhost"
USER, PASSWORD = "bulletin", "hush-hush"
SIZE_LIMIT = 100_000
"""The largest message that it takes, in octets."""
READERS = tuple(f"reader{number}@example.org" for number in range(250))
"""Whose mail it takes; anybody else at example.org is unknown to it."""

_OWN_HEADERS = (b"Return-Path:", b"X-Original-To:", b"Delivered-To:", b"Received:", b"\t", b" ")
_PATIENCE = 60
"""Seconds after which mail that has not come in is a failed test."""

# A shell, and not this process, looks after the server: it reads from a pipe that ends with this
# process, however that goes, and then stops the server and takes its files away.
_GUARD = """
postfix -c "$0/etc" start </dev/null >"$0/start" 2>&1 && echo ready
read _
postfix -c "$0/etc" stop </dev/null >/dev/null 2>&1
rm -rf "$0"
"""

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/data/log
maillog_file_prefixes = {folder}
myhostname = localhost
mydestination =
mynetworks = 192.0.2.0/24
inet_interfaces = loopback-only
inet_protocols = ipv4
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/etc/readers
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
message_size_limit = {size_limit}
smtpd_error_sleep_time = 0
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_sasl_auth_enable = yes
smtpd_sasl_local_domain = localhost
cyrus_sasl_config_path = {folder}/etc/sasl
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_chain_files = {folder}/etc/chain.pem
"""
_MASTER = """
127.0.0.1:{starttls_port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
_SASL = """
pwcheck_method: auxprop
auxprop_plugin: sasldb
mech_list: PLAIN LOGIN
sasldb_path: {folder}/etc/sasl/sasldb2
"""


def missing() -> str | None:
    """Why no Postfix can be run here; None when it can."""
    if shutil.which("postfix") is None or shutil.which("saslpasswd2") is None:
        return "postfix is not installed: apt-get install postfix libsasl2-modules sasl2-bin"
    if os.geteuid() != 0:
        return "postfix runs as root alone"
    return None


@dataclass(frozen=True, slots=True)
class PostfixServer:
    """A running Postfix; `ca_file` holds the authority that signed its certificate for localhost,
    and `ports` those on which it listens, by the scheme of a relay URL."""

    folder: Path
    ca_file: Path
    ports: Mapping[str, int]

    def url(self, scheme: str, *, host: str = HOST, password: str = PASSWORD) -> str:
        """The relay URL that leads here."""
        return f"{scheme}://{USER}:{password}@{host}:{self.ports[scheme]}"

    def received(self, count: int) -> list[bytes]:
        """What lies in the Maildir when `count` messages have come in, without the headers that
        Postfix adds, and with the line ends of the wire."""
        inbox = self.folder / "mail" / "all" / "new"
        give_up = time.monotonic() + _PATIENCE
        while not inbox.exists() or len(list(inbox.iterdir())) < count:
            assert time.monotonic() < give_up, (self.folder / "data" / "log").read_text()
            select.select([], [], [], 0.02)
        return [_as_sent(file.read_bytes()) for file in inbox.iterdir()]

    def clear(self) -> None:
        """Takes all mail away."""
        shutil.rmtree(self.folder / "mail" / "all", ignore_errors=True)


@contextmanager
def postfix_server(authority: trustme.CA) -> Iterator[PostfixServer]:
    """A server of its own for the block, with a certificate of `authority`."""
    # Not in pytest's folder: that is closed to all but its owner, and Postfix has several users.
    folder = Path(tempfile.mkdtemp(prefix="newsletter-postfix-"))
    starttls_port, tls_port = _free_ports(2)
    server = PostfixServer(
        folder, folder / "ca.pem", {"smtp+starttls": starttls_port, "smtps": tls_port}
    )
    _furnish(server, authority)
    guard = subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # so that Ctrl-C ends the tests, and the tests end it
    )
    try:
        assert guard.stdout is not None
        if guard.stdout.readline() != "ready\n":
            raise RuntimeError((folder / "start").read_text(encoding="utf-8"))
        yield server
    finally:
        guard.communicate()


def _furnish(server: PostfixServer, authority: trustme.CA) -> None:
    folder, owner = server.folder, pwd.getpwnam("postfix")
    folder.chmod(0o755)
    for name in ("etc", "etc/sasl", "spool", "data", "mail"):
        (folder / name).mkdir()
    for name in ("data", "mail"):
        os.chown(folder / name, owner.pw_uid, -1)
    authority.cert_pem.write_to_path(server.ca_file)
    certificate = authority.issue_cert(HOST)
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "etc" / "chain.pem")
    values = {
        "folder": folder,
        "uid": owner.pw_uid,
        "gid": owner.pw_gid,
        "size_limit": SIZE_LIMIT,
        "starttls_port": server.ports["smtp+starttls"],
        "tls_port": server.ports["smtps"],
    }
    readers = "".join(f"{reader} all/\n" for reader in READERS)
    (folder / "etc" / "readers").write_text(readers, encoding="ascii")
    (folder / "etc" / "main.cf").write_text(_MAIN.format(**values), encoding="utf-8")
    (folder / "etc" / "master.cf").write_text(_MASTER.format(**values), encoding="utf-8")
    (folder / "etc" / "sasl" / "smtpd.conf").write_text(_SASL.format(**values), encoding="utf-8")
    database = folder / "etc" / "sasl" / "sasldb2"
    command = ["saslpasswd2", "-p", "-c", "-f", database, "-u", HOST, USER]
    subprocess.run(command, input=PASSWORD, text=True, check=True)
    os.chown(database, owner.pw_uid, -1)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _as_sent(kept: bytes) -> bytes:
    lines = kept.split(b"\n")
    first = next(place for place, line in enumerate(lines) if not line.startswith(_OWN_HEADERS))
    return b"\r\n".join(lines[first:])
