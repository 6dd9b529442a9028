"""Make .venv and put uv, the installer of everything else, into it, its hash checked.

Run by the system's own Python and therefore without any package. Debian cuts `venv` and `pip` out of Python: where
only one of the two is there, that one is enough; where neither is, we say which package brings them.
"""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
VENV, BOOT = HOUSE / ".venv", HOUSE / ".boot"
LOCKED = ("--quiet", "--require-hashes", "-r", HOUSE / "requirements-boot.txt")
PIP = ("install", "--disable-pip-version-check", "--no-input", *LOCKED)
Command = tuple[object, ...]


def succeeds(*command: object) -> bool:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=HOUSE, check=False)
    if done.returncode:
        print((done.stderr or done.stdout).strip(), file=sys.stderr)
    return done.returncode == 0


def can_import(module: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def carried_pip() -> Command:
    """The pip that Python carries to put into new environments, run from where it lies: to install it there first takes
    longer than all the rest. None where it lies elsewhere."""
    import ensurepip

    folders = [Path(ensurepip.__file__).parent / "_bundled", sysconfig.get_config_var("WHEEL_PKG_DIR") or ""]
    wheels = [wheel for folder in folders for wheel in Path(folder).glob("pip-*.whl")]
    return (wheels[0] / "pip",) if wheels else ()


def with_venv() -> Command:
    """Make .venv; answers the command that installs into it, none when it could not be made."""
    if not can_import("ensurepip"):
        return ()
    pip = carried_pip()
    is_made = succeeds(sys.executable, "-m", "venv", "--clear", *(["--without-pip"] if pip else []), VENV)
    return (VENV / "bin" / "python", *(pip or ("-m", "pip")), *PIP) if is_made else ()


def with_pip() -> Command:
    """The same without ensurepip: a private uv makes it."""
    uv = BOOT / "bin" / "uv"
    is_made = (
        can_import("pip")
        and succeeds(sys.executable, "-m", "pip", *PIP, "--upgrade", "--target", BOOT)
        and succeeds(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV)
    )
    return (uv, "pip", "install", "--python", VENV, *LOCKED) if is_made else ()


def main() -> int:
    uv = VENV / "bin" / "uv"
    if uv.exists() and succeeds(uv, "pip", "install", "--python", VENV, *LOCKED):
        return 0  # only the installer's own version changed
    print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
    shutil.rmtree(BOOT, ignore_errors=True)
    install = with_venv() or with_pip()
    if install and succeeds(*install):
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
