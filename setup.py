"""Puts content and migrations into the wheel, which lie beside the package in a checkout."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ("modules", "migrations")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


class BuildWithContent(build_py):
    """Builds the package, and copies into it what it reads at run time."""

    def run(self) -> None:
        """Build; an editable installation reads from the checkout."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "cissapp" / "shipped"
        for name in SHIPPED:
            shutil.copytree(name, target / name, ignore=LEFT_OUT, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithContent})
