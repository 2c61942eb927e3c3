//! Histograms against curves, by chi-squared; and the angles of light that leaves.

use relume::counts::{ANGLE_BINS, Counts};
use relume::scene::Scene;

use super::judge::{Check, Judgement};
use super::scenes::{PUMP_NM, beam, black, clear_emitter, internal, layer, stack};
use super::slabs::scattering_layer;
use super::table::{Row, rows};
use super::{Case, full};

/// A bin takes part if it should hold at least this many photons.
const FEWEST: f64 = 25.0;
/// A histogram must compare at least this many bins.
const FEWEST_BINS: usize = 6;

/// Bins of observed photons and what they should hold, of `of` photons in all. What is judged is chi-squared, turned
/// into standard deviations of its distribution (Wilson and Hilferty, Proc. Natl. Acad. Sci. 17, 684, 1931).
pub fn chi_squared(what: impl Into<String>, bins: &[(u64, f64)], of: f64) -> Judgement {
    let used: Vec<_> = bins.iter().filter(|(_, expected)| *expected >= FEWEST).collect();
    let term =
        |(observed, expected): &&(u64, f64)| (*observed as f64 - expected).powi(2) / (expected * (1.0 - expected / of));
    let (chi, k) = (used.iter().map(term).sum::<f64>(), used.len().max(1) as f64);
    let spread = 2.0 / (9.0 * k);
    let deviation = ((chi / k).cbrt() - (1.0 - spread)) / spread.sqrt();
    let what = format!("{} (chi-squared {chi:.0} in {k} bins)", what.into());
    Judgement::new(what, (deviation, 1.0), (0.0, 0.0)).sharp_if(used.len() >= FEWEST_BINS)
}

/// A cubic spline through points in rising order, with no curvature at the ends.
pub struct Spline {
    points: Vec<(f64, f64)>,
    curvature: Vec<f64>,
}

impl Spline {
    pub fn new(points: Vec<(f64, f64)>) -> Self {
        let n = points.len();
        // forward elimination and back substitution of the tridiagonal system
        let (mut upper, mut right) = (vec![0.0; n], vec![0.0; n]);
        for i in 1..n - 1 {
            let (h0, h1) = (points[i].0 - points[i - 1].0, points[i + 1].0 - points[i].0);
            let slope = (points[i + 1].1 - points[i].1) / h1 - (points[i].1 - points[i - 1].1) / h0;
            let pivot = 2.0 * (h0 + h1) - h0 * upper[i - 1];
            upper[i] = h1 / pivot;
            right[i] = (6.0 * slope - h0 * right[i - 1]) / pivot;
        }
        let mut curvature = vec![0.0; n];
        for i in (1..n - 1).rev() {
            curvature[i] = right[i] - upper[i] * curvature[i + 1];
        }
        Self { points, curvature }
    }

    pub fn at(&self, x: f64) -> f64 {
        let right = self.points.partition_point(|point| point.0 < x).clamp(1, self.points.len() - 1);
        let ((x0, y0), (x1, y1)) = (self.points[right - 1], self.points[right]);
        let h = x1 - x0;
        let (a, b) = ((x1 - x) / h, (x - x0) / h);
        let bend = (a.powi(3) - a) * self.curvature[right - 1] + (b.powi(3) - b) * self.curvature[right];
        a * y0 + b * y1 + bend * h * h / 6.0
    }
}

/// The integral over an interval, by the midpoints of 64 parts.
pub fn integral(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    const PARTS: usize = 64;
    let width = (to - from) / PARTS as f64;
    (0..PARTS).map(|i| f(from + (i as f64 + 0.5) * width)).sum::<f64>() * width
}

pub fn cases() -> Vec<Case> {
    let table = rows(include_str!("data/slab_angular.csv"));
    let slabs = ["vdH", "n1.5iso"].map(|case| {
        let points: Vec<&Row> = table.iter().filter(|row| row.text("case") == case).collect();
        let of = |column| points[0].number(column);
        let slab = scattering_layer(of("n"), of("tau"), of("albedo"), of("g"));
        let photons = if full() { 20_000_000 } else { 2_000_000 };
        let checks = [(0, "L_R"), (1, "L_T")].map(|(face, column)| radiance_check(face, column, &points));
        let scene = stack(beam(PUMP_NM, 0.0), vec![slab]);
        Case { detail: true, ..Case::new("slab_angular", case, scene, photons, checks.into()) }
    });
    slabs.into_iter().chain(thin_layers()).collect()
}

fn bin_edges(bin: usize) -> (f64, f64) {
    (bin as f64 / ANGLE_BINS as f64, (bin + 1) as f64 / ANGLE_BINS as f64)
}

/// Radiance is tabulated at ten angles; compared are the bins that hold one, where a spline is close to its knot. Two
/// splines of ln L, in the angle (even about 0) and in its cosine, must agree there within a fifth of the statistical
/// error, else the bin is left out. The last bin holds unscattered light, which the table excludes.
fn radiance_check(face: usize, column: &'static str, points: &[&Row]) -> Check {
    let knots: Vec<(f64, f64)> =
        points.iter().map(|row| (row.number("theta_ext_deg").to_radians(), row.number(column).ln())).collect();
    let mirrored = knots.iter().rev().map(|(theta, value)| (-theta, *value)).chain(knots.iter().copied());
    let in_angle = Spline::new(mirrored.collect());
    let in_cosine = Spline::new(knots.iter().rev().map(|(theta, value)| (theta.cos(), *value)).collect());
    let mut bins: Vec<usize> = knots.iter().map(|(theta, _)| (theta.cos() * ANGLE_BINS as f64) as usize).collect();
    bins.retain(|bin| *bin < ANGLE_BINS - 1);
    Box::new(move |counts: &Counts, _: &Scene| {
        let launched = counts.photons() as f64;
        let expected = |bin, radiance: &dyn Fn(f64) -> f64| {
            let (from, to) = bin_edges(bin);
            launched * integral(from, to, |mu| std::f64::consts::TAU * mu * radiance(mu))
        };
        let judged = bins.iter().filter_map(|bin| {
            let photons = expected(*bin, &|mu| in_angle.at(mu.acos()).exp());
            let other = expected(*bin, &|mu| in_cosine.at(mu).exp());
            let observed = counts.words[counts.layout.angle(false, face, *bin)];
            ((photons - other).abs() < 0.2 * photons.sqrt()).then_some((observed, photons))
        });
        vec![chi_squared(column, &judged.collect::<Vec<_>>(), launched)]
    })
}

/// Isotropic emission in a clear layer, single pass: the back takes what goes there.
fn thin_layers() -> Vec<Case> {
    let case = |n: f64| {
        let mut slab = layer(n);
        slab.emitters = vec![clear_emitter()];
        let mut scene = stack(internal(0), vec![slab]);
        scene.back = black();
        let photons = if full() { 10_000_000 } else { 1_000_000 };
        let checks: Vec<Check> = vec![Box::new(move |counts, _| vec![thin_layer_bins(n, counts)])];
        Case { detail: true, ..Case::new("thin_layer", format!("n{n}"), scene, photons, checks) }
    };
    [1.5, 2.2].into_iter().map(case).collect()
}

/// Of isotropic emission, half the refracted interval of cosines times what the face lets through is in each bin.
fn thin_layer_bins(n: f64, counts: &Counts) -> Judgement {
    let launched = counts.photons() as f64;
    let bin = |bin| {
        let (from, to) = bin_edges(bin);
        // d(mu_i) = mu_e / (n^2 mu_i) d(mu_e)
        let share = integral(from, to, |mu_e| 0.5 * transmittance(n, mu_e) * mu_e / (n * n * cos_inside(n, mu_e)));
        (counts.words[counts.layout.angle(true, 0, bin)], launched * share)
    };
    chi_squared("angles outside", &(0..ANGLE_BINS).map(bin).collect::<Vec<_>>(), launched)
}

fn cos_inside(n: f64, mu_e: f64) -> f64 {
    (1.0 - (1.0 - mu_e * mu_e) / (n * n)).sqrt()
}

/// Unpolarised transmittance of a face, at the cosine outside.
fn transmittance(n: f64, mu_e: f64) -> f64 {
    let mu_i = cos_inside(n, mu_e);
    let r_s = (n * mu_i - mu_e) / (n * mu_i + mu_e);
    let r_p = (mu_i - n * mu_e) / (mu_i + n * mu_e);
    1.0 - 0.5 * (r_s * r_s + r_p * r_p)
}

/// The closed form that the bins use, against the table's intensities.
pub fn thin_layer_form() -> Vec<Judgement> {
    let intensity = |n: f64, mu_e: f64| transmittance(n, mu_e) * mu_e / cos_inside(n, mu_e) / transmittance(n, 1.0);
    let table = rows(include_str!("data/thin_layer.csv"));
    let columns = [(1.5, "I_rel_thin_n1.5"), (2.2, "I_rel_thin_n2.2")];
    let judge = |row: &Row, n, column| {
        let mu_e = row.number("theta_ext_deg").to_radians().cos();
        Judgement::new(column, (intensity(n, mu_e), 0.0), (row.number(column), 1e-9))
    };
    columns.iter().flat_map(|(n, column)| table.iter().map(|row| judge(row, *n, column))).collect()
}
