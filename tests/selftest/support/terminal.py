"""Runs a command with a terminal for its standard input and error; its standard output stays what it is.

What it prints on the terminal goes to the standard error of this program, which ends with the exit code of the command.
"""

import os
import pty
import subprocess
import sys

controller, terminal = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stdin=terminal, stderr=terminal)
os.close(terminal)
while True:
    try:
        chunk = os.read(controller, 4096)
    except OSError:
        # Linux tells in this way that nobody holds the terminal any more.
        break
    if not chunk:
        break
    sys.stderr.buffer.write(chunk)
    sys.stderr.buffer.flush()
sys.exit(child.wait())
