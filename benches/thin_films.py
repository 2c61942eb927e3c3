#!/usr/bin/env python3
"""relume's thin films in turns with public Python packages, on the same stack in one run.

    python3 -m venv venv && venv/bin/pip install numpy torch tmm-fast
    venv/bin/python benches/thin_films.py

(`pip install torch --index-url https://download.pytorch.org/whl/cpu` is smaller, where no GPU is wanted.)

Reflectance of 7 layers at 100 wavelengths, 100 angles and 2 polarisations: tmm-fast. K(u) of a dipole in them at 38
wavelengths and 980 u: no public package gives it, so the same equations in numpy, all u of a wavelength at once, and as a
plain loop over u. Answers are compared before times are; medians of rounds that alternate are printed.
"""

import cmath
import json
import statistics
import subprocess
import time

import numpy as np
import torch
from tmm_fast import coh_tmm

ROUNDS = 9
LAYERS = [(1.9, 0.01, 120), (1.6, 0, 40), (1.75, 0, 30), (2.2, 0.05, 30), (1.7, 0, 50), (1.35, 0, 1), (0.93, 6.33, 100)]
GLASS = 1.52


def relume():
    command = ["cargo", "bench", "--quiet", "--bench", "thin_films"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def tmm_fast(threads):
    """Seconds, and the sums of the reflectances of s and p."""
    torch.set_num_threads(threads)
    wavelengths = (450 + 3 * np.arange(100)) * 1e-9
    angles = np.radians(0.9 * np.arange(100))
    indices = [GLASS] + [n + 1j * k for n, k, _ in LAYERS] + [1.0]
    index = np.repeat(np.array(indices, dtype=complex)[None, :, None], 100, axis=2)
    thickness = np.array([[np.inf] + [nm * 1e-9 for *_, nm in LAYERS] + [np.inf]])
    start = time.perf_counter()
    reflectance = [coh_tmm(pol, index, thickness, angles, wavelengths)["R"] for pol in "sp"]
    seconds = time.perf_counter() - start
    return seconds, [float(np.sum(r)) for r in reflectance]


def reflection(indices, thicknesses, s2, k0, sqrt, exp):
    """Of s (E) and p (H), from the first index into a row of layers, by recursion from the far side."""
    q = [sqrt(n * n - s2) for n in indices]
    r = {"s": 0, "p": 0}
    for j in range(len(indices) - 2, -1, -1):
        a, b = q[j], q[j + 1]
        face = {"s": (a - b) / (a + b), "p": (indices[j + 1] ** 2 * a - indices[j] ** 2 * b) /
                (indices[j + 1] ** 2 * a + indices[j] ** 2 * b)}
        phase = exp(2j * k0 * b * thicknesses[j]) if j < len(thicknesses) else 0
        for pol in "sp":
            far = r[pol] * phase
            r[pol] = (face[pol] + far) / (1 + face[pol] * far)
    return r


def dissipation(u, nm, sqrt, exp):
    """K of a vertical and a horizontal dipole half way up the emitter layer (Furno 2012, section II)."""
    n_e, d_e, k0 = 2.2, 30.0, 2 * np.pi / nm
    layers = LAYERS[::-1]
    front, back = layers[:3][::-1], layers[4:]
    s2, w = (n_e * u) ** 2, sqrt(1 - u * u + 0j)
    half = exp(2j * k0 * n_e * w * d_e / 2)
    a = []
    for side, outer in ((front, 1.0), (back, GLASS)):
        indices = [n_e] + [n + 1j * k for n, k, _ in side] + [outer]
        r = reflection(indices, [nm for *_, nm in side], s2 + 0j, k0, sqrt, exp)
        a.append({pol: r[pol] * half for pol in "sp"})
    (bs, bp), (ts, tp) = [(one["s"], one["p"]) for one in a]
    perp = 1.5 * u**3 / w * (1 + bp) * (1 + tp) / (1 - bp * tp)
    par = 0.75 * u / w * (1 + bs) * (1 + ts) / (1 - bs * ts) + 0.75 * u * w * (1 - bp) * (1 - tp) / (1 - bp * tp)
    return perp.real, par.real


def dipole(vectorised):
    """Seconds, and the sums of K of vertical and horizontal dipoles."""
    def upper(sqrt):
        def root(x):
            y = sqrt(x)
            return np.where(y.imag < 0, -y, y) if vectorised else (-y if y.imag < 0 else y)
        return root
    sums = [0.0, 0.0]
    start = time.perf_counter()
    for wavelength in range(38):
        nm = 480.0 + 3.0 * wavelength
        points = 1.96 * (np.arange(980) + 0.5) / 980
        if vectorised:
            parts = [dissipation(points, nm, upper(np.sqrt), np.exp)]
        else:
            parts = [dissipation(float(u), nm, upper(cmath.sqrt), cmath.exp) for u in points]
        for perp, par in parts:
            sums[0] += float(np.sum(perp))
            sums[1] += float(np.sum(par))
    return time.perf_counter() - start, sums


def agree(name, own, other):
    for a, b in zip(own, other):
        assert abs(a / b - 1) < 1e-6, f"{name}: {own} and {other}"


def main():
    threads = relume()["threads"]
    tmm_fast(threads), tmm_fast(1), dipole(True)
    rounds = []
    for _ in range(ROUNDS):
        own, (one_s, reflectances), (all_s, again) = relume(), tmm_fast(1), tmm_fast(threads)
        (fast_s, fast), (loop_s, loop) = dipole(True), dipole(False)
        agree("tmm-fast", own["reflectance_sums"], reflectances)
        agree("tmm-fast", own["reflectance_sums"], again)
        agree("numpy", own["dipole_sums"], fast)
        agree("plain loop", own["dipole_sums"], loop)
        rounds.append((own, one_s, all_s, fast_s, loop_s))
    median = lambda of: statistics.median(map(of, rounds))
    print(f"medians of {ROUNDS} rounds")
    rates = {
        "tmm-fast, one thread": 20000 / median(lambda r: r[1]),
        f"tmm-fast, {threads} threads": 20000 / median(lambda r: r[3]),
        "relume, one thread": 20000 / median(lambda r: r[0]["reflectance_one_thread_s"]),
        f"relume, {threads} threads": 20000 / median(lambda r: r[0]["reflectance_all_threads_s"]),
    }
    best = max(rate for name, rate in rates.items() if name.startswith("tmm"))
    for name, rate in rates.items():
        print(f"reflectances/s  {name:20} {rate / 1e6:8.3f} M   {rate / best:8.1f} x")
    times = {
        "plain Python loop": median(lambda r: r[4]),
        "numpy": median(lambda r: r[3]),
        "relume, one thread": median(lambda r: r[0]["dipole_one_thread_s"]),
    }
    for name, seconds in times.items():
        print(f"dipole spectrum {name:20} {1e3 * seconds:8.2f} ms  {times['plain Python loop'] / seconds:8.1f} x")


if __name__ == "__main__":
    main()
