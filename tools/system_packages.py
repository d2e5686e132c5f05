"""Programs that no Python environment brings: the browser and the PDF printer.

As root they are installed with apt-get; anyone else is told the command.
"""

import os
import shutil

from . import progress
from .errors import UserError

# Debian package: names under which its program may be found. Odoo's browser tests look
# for the same ones.
PROGRAMS = {
    "chromium": ("google-chrome", "chromium", "chromium-browser"),
    "wkhtmltopdf": ("wkhtmltopdf",),
}
# Letters for what the browser shows, Latin and Persian; Chromium's package has none.
FONTS = ("fonts-liberation", "fonts-dejavu-core")


def ensure(cache, packages=tuple(PROGRAMS)):
    """Install what is missing of `packages`, or say in one line how to."""
    missing = [package for package in packages if find(package) is None]
    if not missing:
        return
    if "chromium" in missing:
        missing += FONTS
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if shutil.which("apt-get") is None:
        raise UserError(f"missing: {', '.join(missing)}; install them and try again")
    if os.geteuid() != 0:
        raise UserError(
            f"missing: {', '.join(missing)}; run: sudo apt-get install"
            f" {' '.join(missing)}"
        )
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    log = cache.directory("logs") / "apt-install.log"
    progress.run(["apt-get", "update"], "Debian's package lists", log=log, env=env)
    progress.run(install, f"install {', '.join(missing)}", log=log, env=env)


def find(package):
    """Path of the package's program, None when it is not installed."""
    found = [shutil.which(name) for name in PROGRAMS[package]]
    return next((path for path in found if path), None)
