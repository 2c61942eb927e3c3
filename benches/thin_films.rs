//! Times what `benches/waves` holds, and prints one line of JSON: seconds, and sums to compare with others'.
//!
//!     cargo bench --bench thin_films
//!
//! `benches/thin_films.py` runs it in turns with public packages.

mod waves;

use std::time::Instant;

use rayon::prelude::*;

/// Repetitions, of which the median is told.
const TIMES: usize = 15;

fn main() {
    let powers = |wavelength| -> [f64; 2] {
        let sum = |sum: [f64; 2], [s, p]: [relume::optics::coherent::Power; 2]| {
            [sum[0] + s.reflectance, sum[1] + p.reflectance]
        };
        waves::powers(wavelength).into_iter().fold([0.0; 2], sum)
    };
    let losses = |wavelength| -> [f64; 2] {
        let sum = |sum: [f64; 2], k: relume::optics::dipole::Dissipation| [sum[0] + k.perp, sum[1] + k.par_s + k.par_p];
        waves::dissipations(wavelength).into_iter().fold([0.0; 2], sum)
    };
    let (reflectances, one) = timed(|| total((0..waves::WAVELENGTHS).map(powers)));
    let (_, all) = timed(|| total((0..waves::WAVELENGTHS).into_par_iter().map(powers).collect::<Vec<_>>()));
    let (dissipated, dipole) = timed(|| total((0..waves::DIPOLE_WAVELENGTHS).map(losses)));
    println!(
        "{}",
        serde_json::json!({
            "threads": rayon::current_num_threads(),
            "reflectance_one_thread_s": one, "reflectance_all_threads_s": all, "reflectance_sums": reflectances,
            "dipole_one_thread_s": dipole, "dipole_sums": dissipated,
        })
    );
}

fn total(parts: impl IntoIterator<Item = [f64; 2]>) -> [f64; 2] {
    parts.into_iter().fold([0.0; 2], |sum, part| [sum[0] + part[0], sum[1] + part[1]])
}

/// A result and the median of its times in seconds, after a first run that is not counted.
fn timed(work: impl Fn() -> [f64; 2]) -> ([f64; 2], f64) {
    let result = work();
    let mut seconds: Vec<_> = (0..TIMES)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(std::hint::black_box(work()), result);
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    (result, seconds[TIMES / 2])
}
