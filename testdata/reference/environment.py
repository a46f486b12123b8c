"""The environment that fixtures are recorded in, and what can be said of it.

In strict mode OpenBLAS uses its Haswell kernels on one thread, and numpy's exp, log and tanh are the C library's:
then the same bits come out on every x86-64 processor with AVX2 and FMA. In natural mode numpy is left as it is.
"""
import ctypes
import os
import platform
import re
import sys

STRICT = {
    "OPENBLAS_CORETYPE": "Haswell",
    "OPENBLAS_NUM_THREADS": "1",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}


def enter(mode):
    """Runs this program again in the environment of the mode, unless it is there already."""
    wanted = STRICT if mode == "strict" else dict.fromkeys(STRICT)
    if all(os.environ.get(name) == value for name, value in wanted.items()):
        return
    environment = {name: value for name, value in os.environ.items() if name not in STRICT}
    if mode == "strict":
        environment.update(STRICT)
    # numpy warns of processor features in the list that it does not know or this machine does not have.
    environment["PYTHONWARNINGS"] = "ignore::ImportWarning,ignore::RuntimeWarning"
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    os.execve(sys.executable, [sys.executable] + sys.argv, environment)


def blas():
    """The loaded BLAS as it describes itself, such as 'OpenBLAS 0.3.31 Haswell, 1 thread'."""
    import numpy  # loads the library that is looked for
    assert numpy
    with open("/proc/self/maps") as maps:
        libraries = sorted(set(re.findall(r"\S*openblas\S*\.so\S*", maps.read())))
    for path in libraries:
        library = ctypes.CDLL(path)
        for prefix, suffix in (("scipy_", "64_"), ("", "64_"), ("scipy_", ""), ("", "")):
            try:
                config = getattr(library, prefix + "openblas_get_config" + suffix)
                core = getattr(library, prefix + "openblas_get_corename" + suffix)
                threads = getattr(library, prefix + "openblas_get_num_threads" + suffix)
            except AttributeError:
                continue
            config.restype = core.restype = ctypes.c_char_p
            version = re.match(r"OpenBLAS (\d+\.\d+\.\d+)", config().decode()).group(1)
            count = threads()
            return "OpenBLAS %s %s, %d thread%s" % (version, core().decode(), count, "" if count == 1 else "s")
    return "unknown"


def recorded(mode, script, seed):
    """What a case says of its recording."""
    import numpy
    library = blas()
    if mode == "strict" and not library.endswith(" Haswell, 1 thread"):
        sys.exit("%s: strict mode: expected OpenBLAS with Haswell kernels and 1 thread but got %s" % (script, library))
    return {"numpy": numpy.__version__, "blas": library, "libc": " ".join(platform.libc_ver()), "mode": mode,
            "script": script, "seed": seed}
