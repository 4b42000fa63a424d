"""Sphinx extension: a plain ``jupyter-book build book/`` executes the pages that are missing; launch buttons."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from replicate.bookbuild import flow, launching
from replicate.bookbuild.sources import discover
from replicate.errors import ReplicateError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

# Before the table of contents is matched with the files there are (priority 500).
_EARLY = 100


def execute_missing(app: Sphinx, config: Config) -> None:
    """Execute sources without a page, with the profile named by ``REPLICATE_PROFILE`` (default quick).

    Raises:
        ReplicateError: a notebook failed, so that its page cannot be built.
    """
    missing = [source for source in discover() if not source.output.is_file()]
    if not missing:
        return
    profile = os.environ.get("REPLICATE_PROFILE", flow.DEFAULTS["profile"])
    targets = [flow.page_marker(source.name, profile) for source in missing]
    flow.run(targets, {**flow.DEFAULTS, "profile": profile})
    failed = [source.name for source in missing if not source.output.is_file()]
    if failed:
        raise ReplicateError(f"notebooks failed, their pages cannot be built: {', '.join(failed)}")


def add_launch_buttons(app: Sphinx, config: Config) -> None:
    """Give the pages buttons for Binder and Colab, where ``REPLICATE_REPOSITORY`` says where the notebooks are.

    Raises:
        ConfigError: it is no address of a repository.
    """
    if repository := os.environ.get("REPLICATE_REPOSITORY"):
        config.html_theme_options = {**config.html_theme_options, **launching.theme_options(repository)}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("config-inited", execute_missing, priority=_EARLY)
    app.connect("config-inited", add_launch_buttons, priority=_EARLY)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
