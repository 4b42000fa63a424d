"""What this process is doing and how far it is, for whoever watches it; where nobody does, nothing happens."""

from __future__ import annotations

from collections.abc import Callable

# Called with what is being done ("" for the same as before), and how many of how many steps of it are done.
Watcher = Callable[[str, int, int], None]
_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Have a function told of everything that this process reports from now on."""
    _watchers.append(watcher)


def unwatch(watcher: Watcher) -> None:
    """Tell a function no more."""
    _watchers.remove(watcher)


def report(text: str = "", step: int = 0, steps: int = 0) -> None:
    """Tell the watchers what is being done, and how many of how many steps (epochs, cells) of it are done."""
    for watcher in _watchers:
        watcher(text, step, steps)
