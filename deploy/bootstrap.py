"""Make .venv and put uv, the installer of everything else, into it, its hash checked.

Run by the system's own Python and therefore without any package. Debian cuts `venv` and `pip` out of Python: where
only one of the two is there, that one is enough; where neither is, we say which package brings them.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
VENV, BOOT = HOUSE / ".venv", HOUSE / ".boot"
UV = [
    "--quiet",
    "--disable-pip-version-check",
    "--no-input",
    "--require-hashes",
    "-r",
    str(HOUSE / "requirements-boot.txt"),
]


def succeeds(*command: object) -> bool:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=HOUSE, check=False)
    if done.returncode:
        print((done.stderr or done.stdout).strip(), file=sys.stderr)
    return done.returncode == 0


def can_import(module: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def with_venv() -> bool:
    return can_import("ensurepip") and succeeds(sys.executable, "-m", "venv", "--clear", VENV)


def with_pip() -> bool:
    """Without ensurepip a virtual environment has no pip: a private uv makes one instead."""
    return (
        can_import("pip")
        and succeeds(sys.executable, "-m", "pip", "install", "--upgrade", "--target", BOOT, *UV)
        and succeeds(BOOT / "bin" / "uv", "venv", "--quiet", "--clear", "--python", sys.executable, VENV)
    )


def install_uv() -> bool:
    if (VENV / "bin" / "pip").exists():
        return succeeds(VENV / "bin" / "python", "-m", "pip", "install", *UV)
    lock = HOUSE / "requirements-boot.txt"
    return succeeds(BOOT / "bin" / "uv", "pip", "install", "-q", "--python", VENV, "--require-hashes", "-r", lock)


def main() -> int:
    if (VENV / "bin" / "python").exists() and (VENV / "bin" / "pip").exists() and install_uv():
        return 0  # only the installer's own version changed
    print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
    shutil.rmtree(BOOT, ignore_errors=True)
    if (with_venv() or with_pip()) and install_uv():
        return 0
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    print(
        f"No virtual environment could be made. On Debian or Ubuntu: apt-get install python{version}-venv\n"
        "Behind a proxy, set HTTPS_PROXY; with an own certificate authority, PIP_CERT and SSL_CERT_FILE.\n"
        "Then run the same command again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
