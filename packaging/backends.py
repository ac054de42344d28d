# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""What the engine can be built for: llama.cpp's flags of each backend, and what building it needs.

The flags are those of llama.cpp's docs/build.md. Standard library only: the set-up uses it.
"""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import system_packages
import vulkan_headers

# Pictures (mtmd) and llama.cpp's own programs are not used.
LEAN = ("-DLLAVA_BUILD=OFF", "-DLLAMA_BUILD_TOOLS=OFF")
# llama.cpp's AMX code dies of an illegal instruction when GCC 12 builds it (its pull request 26954: the
# tile configuration is optimized away), on every Xeon since Sapphire Rapids. Its guard is this macro.
WITHOUT_AMX = "" if sys.platform == "win32" else "-U__AMX_INT8__"
VULKAN = "vulkan"
HEADERS = ("/usr/include", "/usr/local/include")


@dataclass(frozen=True)
class Tool:
    """A program that building needs, where else than in PATH it may lie, and how to get it.

    `header` is one of the headers that come with it: some systems have the program alone.
    """

    program: str
    places: tuple[str, ...]
    advice: str
    header: str = ""

    def lacking(self) -> str:
        """Return what of it is not there: the program or its header; "" if all is."""
        found = self.find()
        if found is None:
            return self.program
        folders = [found.resolve().parent, *map(Path, self.places)]
        headers = [*(folder.parent / "include" for folder in folders), *map(Path, HEADERS)]
        return "" if any((folder / self.header).exists() for folder in headers) else self.header

    def find(self) -> Path | None:
        """Return where it is."""
        found = shutil.which(self.program) or shutil.which(self.program, path=":".join(self.places))
        return Path(found) if found else None


@dataclass(frozen=True)
class Backend:
    """One way to build the engine. `platform`: the only sys.platform that has it, "" for all."""

    name: str
    title: str
    flags: tuple[str, ...] = ()
    tool: Tool | None = None
    platform: str = ""


@dataclass(frozen=True)
class Recipe:
    """How to build: cmake's flags, and what the build finds in its environment."""

    flags: tuple[str, ...]
    environment: Mapping[str, str]

    def variables(self) -> dict[str, str]:
        """Return the environment with the flags in it, as scikit-build-core reads them."""
        return {**self.environment, "CMAKE_ARGS": shlex.join(self.flags)}


BACKENDS = {
    backend.name: backend
    for backend in (
        Backend("cpu", "the processor"),
        Backend(
            VULKAN,
            "Vulkan",
            ("-DGGML_VULKAN=ON",),
            Tool("glslc", (), "Install the Vulkan SDK of your system."),
        ),
        Backend(
            "cuda",
            "CUDA",
            ("-DGGML_CUDA=ON",),
            Tool(
                "nvcc",
                ("/usr/local/cuda/bin", "/opt/cuda/bin"),
                "Install NVIDIA's CUDA toolkit (Debian, Ubuntu: apt-get install nvidia-cuda-toolkit).",
                "cublas_v2.h",
            ),
        ),
        Backend(
            "metal",
            "Metal",
            ("-DGGML_METAL=ON", "-DGGML_METAL_EMBED_LIBRARY=ON"),
            Tool("xcrun", (), "Install Apple's command line tools: xcode-select --install"),
            platform="darwin",
        ),
        Backend(
            "rocm",
            "ROCm",
            ("-DGGML_HIP=ON",),
            Tool(
                "hipcc",
                ("/opt/rocm/bin",),
                "Install AMD's ROCm with its HIP development packages.",
                "hipblas/hipblas.h",
            ),
        ),
    )
}


def problem(name: str) -> str:
    """Return a sentence why the engine cannot be built for the backend `name` here, "" if it can."""
    known = [backend.name for backend in BACKENDS.values() if backend.platform in ("", sys.platform)]
    choice = f"Choose one of {', '.join(known)}: make install BACKEND={known[0]}"
    backend = BACKENDS.get(name)
    on_linux = name == VULKAN and sys.platform == "linux"  # there system_packages brings the tools
    if backend is None:
        return f'There is no backend "{name}". {choice}'
    if name not in known:
        return f"{backend.title} is not to be had on this system. {choice}"
    if backend.tool is None or on_linux or not (lacking := backend.tool.lacking()):
        return ""
    return (
        f"Building for {backend.title} needs {lacking}, which was not found. "
        f"{backend.tool.advice} Then run make install BACKEND={name} again."
    )


def own(name: str, headers: Path | None, extra_flags: str = "") -> Recipe:
    """Return how to build the backend `name` for this very computer, with `headers` for Vulkan."""
    backend = BACKENDS[name]
    flags = (*LEAN, *backend.flags, *_header_flags(headers), *shlex.split(extra_flags))
    return Recipe(flags, {**_compiler_flags(headers), **_tool_environment(backend)})


def portable(headers: Path | None, *, vulkan: bool) -> Recipe:
    """Return how to build one engine for every computer of this kind, with Vulkan where it can be built.

    Each backend is a file of its own, in the folder where llama_cpp looks for its libraries, and there
    is one for every generation of processors: the best is chosen when it starts. Without versions in
    their names the wheel holds each library once instead of three times.
    """
    flags = (
        *LEAN,
        "-DGGML_NATIVE=OFF",
        "-DGGML_BACKEND_DL=ON",
        "-DGGML_CPU_ALL_VARIANTS=ON",
        *(BACKENDS[VULKAN].flags if vulkan else ()),
        *_header_flags(headers),
        "-DCMAKE_PLATFORM_NO_VERSIONED_SONAME=ON",
        "-DCMAKE_INSTALL_BINDIR=llama_cpp/lib",
        "-DCMAKE_INSTALL_LIBDIR=llama_cpp/lib",
        "-DCMAKE_INSTALL_INCLUDEDIR=llama_cpp/include",
    )
    return Recipe(flags, _compiler_flags(headers))


def ready_for_vulkan(folder: Path) -> tuple[bool, Path | None]:
    """Say whether Vulkan can be built, bringing what lacks where that is possible.

    Beside it the folder of headers to use, kept in `folder`; None for the system's own.
    """
    if system_packages.main(["", "vulkan"]) != 0:
        return False, None
    if reason := problem(VULKAN):
        print(reason)
        return False, None
    try:
        return True, vulkan_headers.provide(folder)
    except vulkan_headers.HeadersError as error:
        print(error)
        return False, None


def _header_flags(headers: Path | None) -> tuple[str, ...]:
    return (f"-DVulkan_INCLUDE_DIR={headers}",) if headers else ()


def _compiler_flags(headers: Path | None) -> dict[str, str]:
    include = f"-I{shlex.quote(str(headers))}" if headers else ""
    found = {"CFLAGS": WITHOUT_AMX, "CXXFLAGS": f"{WITHOUT_AMX} {include}".strip()}
    return {name: value for name, value in found.items() if value}


def _tool_environment(backend: Backend) -> dict[str, str]:
    """Tell cmake where the compiler of a graphics card is when it is not in PATH."""
    found = backend.tool.find() if backend.tool else None
    if found is None:
        return {}
    if backend.name == "cuda":
        return {"CUDACXX": str(found)}
    if backend.name == "rocm":  # as llama.cpp's docs/build.md has it
        asked = str(found.with_name("hipconfig"))
        return {"HIPCXX": f"{_answer([asked, '-l'])}/clang", "HIP_PATH": _answer([asked, "-R"])}
    return {}


def _answer(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
