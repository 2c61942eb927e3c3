//! Tables of exact numbers, copied into tests/data with their sources.

use glam::vec2;
use libtest_mimic::Trial;
use num_complex::Complex64;
use relume::cpu::fresnel::{fresnel, fresnel_absorbing};
use relume::cpu::rng::{Rng, rng_new};
use relume::cpu::sampling::henyey_greenstein;
use relume::optics::fresnel::reflection;

use super::common::trials::anywhere;
use super::kernel::{Device, Input};
use super::{Opened, on_device, pool};

/// Rows of a table without comments and header.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).map(|line| line.split(',').collect()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("no number: {text:?}"))
}

/// False for what is no number.
fn near(got: f64, expected: f64, tolerance: f64) -> bool {
    (got - expected).abs() <= tolerance
}

fn fresnel_rows() -> Vec<Vec<&'static str>> {
    rows(include_str!("../data/fresnel.csv"))
}

/// Rows at the critical angle: the angle is rounded, and 1 - R goes with the root of what is left over.
fn critical(row: &[&str]) -> bool {
    row[4] == "90.0"
}

/// Differences of the f64 face from the table, with phases of this sign of r_p.
fn exact_differences(sign_p: f64) -> Vec<String> {
    let mut found = Vec::new();
    for row in fresnel_rows() {
        let cos_i = number(row[3]).to_radians().cos();
        let r = reflection(number(row[0]), Complex64::new(number(row[1]), number(row[2])), cos_i);
        let (r_s, r_p) = r.reflectances();
        let tolerance = if critical(&row) { 1e-5 } else { 1e-10 };
        let mut check = |what: &str, got: f64, expected: f64, tolerance: f64| {
            if !near(got, expected, tolerance) {
                found.push(format!("{row:?}: {what} {got}, not {expected}"));
            }
        };
        check("R_s", r_s, number(row[5]), tolerance);
        check("R_p", r_p, number(row[6]), tolerance);
        check("R", r.unpolarised(), number(row[7]), tolerance);
        if !row[4].contains('-') && !critical(&row) {
            check("angle", r.cos_t.re.acos().to_degrees(), number(row[4]), 1e-6);
        }
        if !row[8].is_empty() {
            // phases have 10 digits, up to pi
            for (what, r, phase) in [("phase s", r.r_s, row[8]), ("phase p", sign_p * r.r_p, row[9])] {
                check(what, (r / Complex64::from_polar(1.0, number(phase))).arg(), 0.0, 2e-9);
            }
        }
    }
    found
}

/// Rows with a real second index, as f32 words (n_i, n_t, cos_i), and what R should be and how near: 1e-6,
/// which is a few roundings of f32; at the critical angle the root of one.
fn real_rows() -> Vec<([f32; 3], f64, f64)> {
    let real = fresnel_rows().into_iter().filter(|row| number(row[2]) == 0.0);
    real.map(|row| {
        let cos_i = number(row[3]).to_radians().cos() as f32;
        let tolerance = if critical(&row) { 5e-3 } else { 1e-6 };
        ([number(row[0]) as f32, number(row[1]) as f32, cos_i], number(row[7]), tolerance)
    })
    .collect()
}

/// Rows with a complex second index, as f32 words (n_i, n_t, k_t, cos_i, share of p), and what R should be to a few
/// roundings.
fn complex_rows() -> Vec<([f32; 5], f64, f64)> {
    let complex = fresnel_rows().into_iter().filter(|row| number(row[2]) > 0.0);
    let by_share = |row: Vec<&'static str>| {
        let [n_i, n_t, k_t] = [0, 1, 2].map(|i| number(row[i]) as f32);
        let cos_i = number(row[3]).to_radians().cos() as f32;
        [(0.0, 5), (1.0, 6), (0.5, 7)].map(|(share_p, i)| ([n_i, n_t, k_t, cos_i, share_p], number(row[i]), 1e-6))
    };
    complex.flat_map(by_share).collect()
}

/// Reflectances of faces of absorbers by the f32 twin less those in f64, over angles and indices, met from outside and from
/// within at the same in-plane index: the largest difference.
fn worst_of_absorbers(k_factor: f32) -> f64 {
    let mut worst = 0.0f64;
    for (front, n, k) in [(1.0, 2.4, 0.8), (1.5, 1.8, 0.02), (1.9, 1.5, 0.1), (1.6, 1.5, 0.0003), (1.0, 0.2, 3.4)] {
        for i in 1..=2000 {
            let cos_i = i as f32 / 2000.0;
            let (s, p) = reflection(f64::from(front), Complex64::new(f64::from(n), f64::from(k)), f64::from(cos_i))
                .reflectances();
            for (share_p, exact) in [(0.0, s), (1.0, p)] {
                let got = fresnel_absorbing(vec2(front, 0.0), vec2(n, k * k_factor), cos_i, share_p).reflectance;
                worst = worst.max((f64::from(got) - exact).abs());
                let cos2_t = 1.0 - (front / n).powi(2) * (1.0 - cos_i * cos_i);
                // closer to grazing the cosine inside does not tell the one outside
                if cos2_t > 0.01 && cos_i > 0.1 {
                    let within = fresnel_absorbing(vec2(n, k * k_factor), vec2(front, 0.0), cos2_t.sqrt(), share_p);
                    worst = worst.max((f64::from(within.reflectance) - exact).abs());
                }
            }
        }
    }
    worst
}

/// How much less is reflected beyond the critical angle, from within an absorber, where the medium behind has this k instead
/// of none: the most over angles and indices.
fn taken_by_a_trace(k: f32) -> f32 {
    let mut most = 0.0f32;
    for (n_i, k_i, n_t) in [(2.4, 0.05, 1.5), (1.8, 0.5, 1.5), (1.6, 0.02, 1.0), (3.0, 2.0, 1.5)] {
        let critical = (1.0f32 - (n_t / n_i) * (n_t / n_i)).sqrt();
        for i in 1..100 {
            let cos_i = critical * 0.99 * i as f32 / 100.0;
            for share_p in [0.0, 1.0] {
                let [clear, trace] = [0.0, k].map(|k| fresnel_absorbing(vec2(n_i, k_i), vec2(n_t, k), cos_i, share_p));
                assert_eq!((clear.reflectance, clear.cos_t), (1.0, 0.0));
                most = most.max(1.0 - trace.reflectance);
            }
        }
    }
    most
}

fn far(got: &[f32], expected: impl Iterator<Item = (f64, f64)>) -> usize {
    got.iter().zip(expected).filter(|(got, (value, tolerance))| !near(**got as f64, *value, *tolerance)).count()
}

/// g, xi, mu(xi), and a tolerance: mu's slope in xi grows as 1 / (1 - |g|) towards the far end, where the
/// rounding of xi and of 1 - g shows.
fn scattering_rows() -> Vec<([f32; 2], f64, f64)> {
    let table = rows(include_str!("../data/henyey_greenstein.csv"));
    let one = |row: &Vec<&str>| {
        let g = number(row[0]);
        let points = [0.1, 0.25, 0.5, 0.75, 0.9].iter().zip(4..9);
        points.map(|(xi, i)| ([g as f32, *xi as f32], number(row[i]), 4e-7 / (1.0 - g.abs()))).collect::<Vec<_>>()
    };
    table.iter().flat_map(one).collect()
}

/// Moments of mu over xi on a grid of 2^20 midpoints, against the table: the f32 errors of single values
/// average out, what is left is far below 1e-6 but for the steep end of g = 0.99.
fn moment_differences(g_factor: f32) -> Vec<String> {
    let mut found = Vec::new();
    for row in rows(include_str!("../data/henyey_greenstein.csv")) {
        let g = number(row[0]);
        let points = 1 << 20;
        let mut sums = [0.0; 8];
        for i in 0..points {
            let mu = henyey_greenstein(g as f32 * g_factor, (i as f32 + 0.5) / points as f32) as f64;
            let p_4 = ((35.0 * mu * mu - 30.0) * mu * mu + 3.0) / 8.0;
            let p_2 = 1.5 * mu * mu - 0.5;
            let terms = [mu, mu * mu, mu * mu * mu, (mu > 0.0) as u32 as f64, mu, p_2, (2.5 * mu * mu - 1.5) * mu, p_4];
            sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term / points as f64);
        }
        let expected = [1, 2, 3, 9].map(|i| number(row[i])).into_iter().chain((1..5).map(|l| g.powi(l)));
        for (i, (got, expected)) in sums.iter().zip(expected).enumerate() {
            if !near(*got, expected, 3e-6) {
                found.push(format!("g {g}, moment {i}: {got}, not {expected}"));
            }
        }
    }
    found
}

struct Stream {
    state: u64,
    stream: u64,
    advance: u64,
    outputs: Vec<u32>,
}

fn streams() -> Vec<Stream> {
    let table = rows(include_str!("../data/pcg32.csv"));
    table
        .iter()
        .map(|row| Stream {
            state: row[1].parse().expect("an integer"),
            stream: row[2].parse().expect("an integer"),
            advance: if row[0].ends_with("advance_1e6") { 1_000_000 } else { 0 },
            outputs: row[3].split(' ').map(|word| u32::from_str_radix(word, 16).expect("hexadecimal")).collect(),
        })
        .collect()
}

fn outputs(mut rng: Rng) -> Vec<u32> {
    (0..16).map(|_| rng.next_u32()).collect()
}

/// One word out per item of words in.
fn on_words(device: &Device, body: &str, words: &[u32], words_in: usize, words_out: usize) -> Vec<u32> {
    let count = words.len() / words_in;
    let input = Input { tables: &pool().tables, seed: 0, words, words_in, words_out, photons: &pool().states[..count] };
    device.run(|text| text, body, &input).words
}

pub fn trials(device: &Opened) -> Vec<Trial> {
    let faces = |rows: &[([f32; 3], f64, f64)]| rows.iter().flat_map(|row| row.0.map(f32::to_bits)).collect::<Vec<_>>();
    vec![
        anywhere("table_fresnel_f64", || assert_eq!(exact_differences(1.0), Vec::<String>::new())),
        // the other convention for r_p has to be seen
        anywhere("partner_table_fresnel_f64", || assert!(exact_differences(-1.0).len() > 20)),
        anywhere("table_fresnel_twin", || {
            let rows = real_rows();
            assert!(rows.len() > 75);
            let got: Vec<_> = rows.iter().map(|([n_i, n_t, c], ..)| fresnel(*n_i, *n_t, *c, 0.5).reflectance).collect();
            assert_eq!(far(&got, rows.iter().map(|row| (row.1, row.2))), 0);
            // partner: the face from its other side
            let turned: Vec<_> =
                rows.iter().map(|([n_i, n_t, c], ..)| fresnel(*n_t, *n_i, *c, 0.5).reflectance).collect();
            assert!(far(&turned, rows.iter().map(|row| (row.1, row.2))) > 50);
        }),
        on_device("table_fresnel_absorbing_shader", device, move |device| {
            let rows = complex_rows();
            let words: Vec<_> = rows.iter().flat_map(|row| row.0.map(f32::to_bits)).collect();
            let body = "out_f(0u, fresnel_absorbing(vec2(in_f(0u), 0.0), vec2(in_f(1u), in_f(2u)), in_f(3u), in_f(4u)).reflectance);";
            let got = on_words(device, body, &words, 5, 1);
            assert_eq!(far(bytemuck::cast_slice(&got), rows.iter().map(|row| (row.1, row.2))), 0);
        }),
        on_device("table_fresnel_shader", device, move |device| {
            let rows = real_rows();
            let body = "out_f(0u, fresnel(in_f(0u), in_f(1u), in_f(2u), 0.5).reflectance);";
            let got = on_words(device, body, &faces(&rows), 3, 1);
            assert_eq!(far(bytemuck::cast_slice(&got), rows.iter().map(|row| (row.1, row.2))), 0);
        }),
        anywhere("table_fresnel_absorbing_twin", || {
            let rows = complex_rows();
            assert_eq!(rows.len(), 18);
            let face = |[n_i, n_t, k_t, cos_i, share_p]: [f32; 5]| {
                fresnel_absorbing(vec2(n_i, 0.0), vec2(n_t, k_t), cos_i, share_p).reflectance
            };
            let got: Vec<_> = rows.iter().map(|row| face(row.0)).collect();
            assert_eq!(far(&got, rows.iter().map(|row| (row.1, row.2))), 0);
            // partner: s for p
            let turned: Vec<_> = rows.iter().map(|([a, b, c, d, p], ..)| face([*a, *b, *c, *d, 1.0 - p])).collect();
            assert_eq!(far(&turned, rows.iter().map(|row| (row.1, row.2))), 8);
        }),
        anywhere("absorbers_at_all_angles", || {
            let worst = worst_of_absorbers(1.0);
            assert!(worst < 2e-5, "{worst:e}");
            // partner: 1 % more k
            assert!(worst_of_absorbers(1.01) > 1e-3);
        }),
        anywhere("a_trace_of_absorption_takes_a_trace", || {
            for k in [1e-12, 1e-9, 1e-6, 1e-4] {
                let taken = taken_by_a_trace(k);
                assert!(taken < 200.0 * k + 1e-6, "{k:e}: {taken:e}");
            }
            // partner: one that absorbs strongly takes much
            assert!(taken_by_a_trace(0.1) > 0.3);
        }),
        anywhere("table_henyey_greenstein_twin", || {
            let rows = scattering_rows();
            assert_eq!(rows.len(), 30);
            let got: Vec<_> = rows.iter().map(|([g, xi], ..)| henyey_greenstein(*g, *xi)).collect();
            assert_eq!(far(&got, rows.iter().map(|row| (row.1, row.2))), 0, "{got:?}");
            // partner: backwards
            let turned: Vec<_> = rows.iter().map(|([g, xi], ..)| henyey_greenstein(-*g, *xi)).collect();
            assert!(far(&turned, rows.iter().map(|row| (row.1, row.2))) > 25);
        }),
        on_device("table_henyey_greenstein_shader", device, |device| {
            let rows = scattering_rows();
            let words: Vec<_> = rows.iter().flat_map(|row| row.0.map(f32::to_bits)).collect();
            let got = on_words(device, "out_f(0u, henyey_greenstein(in_f(0u), in_f(1u)));", &words, 2, 1);
            assert_eq!(far(bytemuck::cast_slice(&got), rows.iter().map(|row| (row.1, row.2))), 0);
        }),
        anywhere("table_henyey_greenstein_moments", || assert_eq!(moment_differences(1.0), Vec::<String>::new())),
        anywhere("partner_table_henyey_greenstein_moments", || assert!(moment_differences(1.0001).len() > 20)),
        anywhere("table_pcg32_twin", || {
            assert_eq!(streams().len(), 8);
            for row in streams() {
                let mut rng = rng_new(row.state, row.stream);
                (0..row.advance).for_each(|_| _ = rng.next_u32());
                assert_eq!(outputs(rng), row.outputs);
                // partner: the next stream
                assert_ne!(outputs(rng_new(row.state, row.stream ^ 1)), row.outputs);
            }
        }),
        // a shader has no way to advance, so that row is the CPU's alone
        on_device("table_pcg32_shader", device, |device| {
            let rows: Vec<_> = streams().into_iter().filter(|row| row.advance == 0).collect();
            let split = |x: u64| [x as u32, (x >> 32) as u32];
            let words: Vec<_> = rows.iter().flat_map(|row| [split(row.state), split(row.stream)].concat()).collect();
            let body = "photon.rng = rng_new(vec2(in_u(0u), in_u(1u)), vec2(in_u(2u), in_u(3u)));
                for (var k = 0u; k < 16u; k += 1u) { out_u(k, rng_next(&photon)); }";
            let expected: Vec<_> = rows.iter().flat_map(|row| row.outputs.clone()).collect();
            assert_eq!(on_words(device, body, &words, 4, 16), expected);
        }),
    ]
}
