"""Runs a server in a session of its own, as Postfix's master must, with no signal blocked, and passes SIGTERM on to it.

Children of Swift's Process inherit blocked signals and lead a process group, which setsid(2) refuses.
"""
import os, signal, sys

signal.pthread_sigmask(signal.SIG_SETMASK, [])
child = os.fork()
if child == 0:
    os.setsid()
    os.execv(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
os.waitpid(child, 0)
