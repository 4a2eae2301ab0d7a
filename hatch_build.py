"""What the wheel is made with: the C runtime, where there is a C compiler; without one, a wheel for every machine."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SCRIPT = "autograd/compiler/backends/c/build.py"


class CRuntime(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the library to the wheel, and the platform to its name: it serves every Python there."""

    folder = ""  # where it is built

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build it."""
        if version == "editable" or os.environ.get("AUTOGRAD_NO_C", "0") not in ("", "0"):
            return
        spec = importlib.util.spec_from_file_location("build_runtime", Path(self.root) / SCRIPT)
        module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
        spec.loader.exec_module(module)  # type: ignore[union-attr]
        self.folder = tempfile.mkdtemp()
        try:
            library = module.build(Path(self.folder) / module.LIBRARY.name)
        except (OSError, subprocess.CalledProcessError) as error:
            self.app.display_warning(f"the C runtime was not built, and programs will run without it: {error}")
            return
        if library is not None:
            for made in (library, library.with_name(module.ENTRY.name)):
                if made.exists():
                    build_data["force_include"][str(made)] = str(
                        module.LIBRARY.with_name(made.name).relative_to(self.root)
                    )
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{_platform()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Clean up."""
        if self.folder:
            shutil.rmtree(self.folder)


def _platform() -> str:
    """The machine a compiler makes code for, as a tag."""
    name = sysconfig.get_platform().replace("universal2", platform.machine())
    return name.replace("-", "_").replace(".", "_")
