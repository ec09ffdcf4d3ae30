"""Is a process that was started once still running, or has somebody else its number now?"""

import os
import subprocess
import sys

from daymart.demo.processes import is_running, started_at


def test_process_is_running_until_it_ends() -> None:
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        began = started_at(process.pid)
        assert is_running(process.pid, began)
        process.communicate(b"\n")
        assert not is_running(process.pid, began)


def test_zombie_is_not_running() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        began = started_at(process.pid)
        assert process.stdin is not None
        process.stdin.close()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not is_running(process.pid, began)


def test_process_that_began_another_day_is_somebody_else() -> None:
    assert is_running(os.getpid(), started_at(os.getpid()))
    assert not is_running(os.getpid(), started_at(os.getpid()) - 86_400)
