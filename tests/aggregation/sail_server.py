"""A Sail server (Spark Connect without Java), for as long as its standard input stays open; prints its address.

Sail 0.7 ends every session when it finds a PySpark beside it that is newer than it knows. The protocol of both is
the same, so the server is told the newest version that it accepts; the client is the PySpark that is installed.
"""

from __future__ import annotations

import sys

import pyspark
from pysail.spark import SparkConnectServer

NEWEST_KNOWN = "4.2.0"

if __name__ == "__main__":
    pyspark.__version__ = NEWEST_KNOWN
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    sys.stdout.write(f"sc://{host}:{port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()
