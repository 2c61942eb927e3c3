//! Adaptive Gauss-Kronrod quadrature of several quantities at once.
//!
//! Source: R. Piessens et al., QUADPACK (Springer, 1983), (recalled): the pair of 7 and 15 points and its error estimate.

use super::lanes::{LANES, Row};

/// Abscissae of one half, their weights of 15 points and of 7.
const KRONROD: [(f64, f64, f64); 8] = [
    (0.991_455_371_120_812_6, 0.022_935_322_010_529_224, 0.0),
    (0.949_107_912_342_758_5, 0.063_092_092_629_978_55, 0.129_484_966_168_869_7),
    (0.864_864_423_359_769_1, 0.104_790_010_322_250_18, 0.0),
    (0.741_531_185_599_394_4, 0.140_653_259_715_525_92, 0.279_705_391_489_276_64),
    (0.586_087_235_467_691_1, 0.169_004_726_639_267_9, 0.0),
    (0.405_845_151_377_397_2, 0.190_350_578_064_785_4, 0.381_830_050_505_118_9),
    (0.207_784_955_007_898_47, 0.204_432_940_075_298_9, 0.0),
    (0.0, 0.209_482_141_084_727_82, 0.417_959_183_673_469_4),
];

/// Points of a panel; lanes beyond them weigh nothing.
const POINTS: usize = 15;

/// The same by lane: abscissae of both halves, the middle, and the middle again without weight.
const NODES: [Row; 3] = {
    let mut rows = [[0.0; LANES]; 3];
    let mut i = 0;
    while i < 8 {
        let (x, fine, coarse) = KRONROD[i];
        rows[0][i] = -x;
        rows[1][i] = fine;
        rows[2][i] = coarse;
        if i < 7 {
            rows[0][LANES - 2 - i] = x;
            rows[1][LANES - 2 - i] = fine;
            rows[2][LANES - 2 - i] = coarse;
        }
        i += 1;
    }
    rows
};

/// Integrals with an estimate of the largest error among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Integral {
    pub value: Vec<f64>,
    pub error: f64,
}

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Error at which to stop, relative to 1 + the largest integral.
    pub tolerance: f64,
    /// Panels of the first pass.
    pub start: usize,
    /// Panels at which to give up; the error then says how far it came.
    pub limit: usize,
}

/// Nodes and weights of Gauss-Legendre quadrature on 0..1 (weights sum to 1), by Newton's method.
pub fn gauss_legendre(count: usize) -> Vec<(f64, f64)> {
    let n = count as f64;
    let node = |i: usize| {
        let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..100 {
            let (mut p, mut below) = (1.0, 0.0);
            for k in 1..=count {
                let k = k as f64;
                (p, below) = (((2.0 * k - 1.0) * x * p - (k - 1.0) * below) / k, p);
            }
            slope = n * (x * p - below) / (x * x - 1.0);
            let step = p / slope;
            x -= step;
            if step.abs() < 1e-15 {
                break;
            }
        }
        (0.5 * (1.0 - x), 1.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..count).map(node).collect()
}

struct Panel {
    from: f64,
    to: f64,
    error: f64,
    value: Vec<f64>,
    /// The quantities at each point, where they are kept.
    samples: Vec<Row>,
}

/// Integrates `count` quantities over an interval; `f(x, values)` writes a row for each, at many `x` side by side.
pub(crate) fn integrate(f: impl FnMut(&Row, &mut [Row]), count: usize, from: f64, to: f64, effort: Effort) -> Integral {
    let (panels, error) = panels(f, count, (from, to), effort, false);
    Integral { value: sums(&panels, count), error }
}

/// One point of an integral.
pub(crate) struct Sample {
    /// Where its part of the interval ends, and how wide that is: what its quantities weigh.
    pub to: f64,
    pub weight: f64,
    pub values: Vec<f64>,
}

/// The points that an integral takes, in rising order.
pub(crate) fn samples(
    f: impl FnMut(&Row, &mut [Row]),
    count: usize,
    from: f64,
    to: f64,
    effort: Effort,
) -> Vec<Sample> {
    let (mut panels, _) = panels(f, count, (from, to), effort, true);
    panels.sort_by(|a, b| a.from.total_cmp(&b.from));
    let of_panel = |panel: Panel| {
        let half = 0.5 * (panel.to - panel.from);
        let mut to = panel.from;
        let points = (0..POINTS).map(move |lane| {
            let weight = half * NODES[1][lane];
            to += weight;
            Sample { to, weight, values: panel.samples.iter().map(|row| row[lane]).collect() }
        });
        points.collect::<Vec<_>>()
    };
    panels.into_iter().flat_map(of_panel).collect()
}

/// Panels halved where the error is largest, and the sum of their errors.
fn panels(
    mut f: impl FnMut(&Row, &mut [Row]),
    count: usize,
    (from, to): (f64, f64),
    effort: Effort,
    keep: bool,
) -> (Vec<Panel>, f64) {
    let mut samples = vec![[0.0; LANES]; count];
    let start = effort.start.max(1);
    let edge = |i: usize| from + (to - from) * i as f64 / start as f64;
    let mut new = |from: f64, to: f64| {
        let panel = panel(&mut f, from, to, &mut samples);
        if keep { Panel { samples: samples.clone(), ..panel } } else { panel }
    };
    let mut panels: Vec<Panel> = (0..start).map(|i| new(edge(i), edge(i + 1))).collect();
    loop {
        let value = sums(&panels, count);
        let (mut error, mut worst) = (0.0, 0);
        for (i, panel) in panels.iter().enumerate() {
            error += panel.error;
            if panel.error > panels[worst].error {
                worst = i;
            }
        }
        let scale = 1.0 + value.iter().fold(0.0f64, |most, v| most.max(v.abs()));
        let Panel { from, to, .. } = panels[worst];
        let middle = 0.5 * (from + to);
        let done = error.is_nan() || error <= effort.tolerance * scale;
        if done || panels.len() >= effort.limit || middle <= from || middle >= to {
            return (panels, error);
        }
        panels[worst] = new(from, middle);
        panels.push(new(middle, to));
    }
}

fn sums(panels: &[Panel], count: usize) -> Vec<f64> {
    let mut value = vec![0.0; count];
    for panel in panels {
        value.iter_mut().zip(&panel.value).for_each(|(sum, part)| *sum += part);
    }
    value
}

fn panel(f: &mut impl FnMut(&Row, &mut [Row]), from: f64, to: f64, samples: &mut [Row]) -> Panel {
    let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
    f(&NODES[0].map(|x| middle + half * x), samples);
    let mut worst = 0.0f64;
    let value = samples.iter().map(|row| {
        let [_, w15, w7] = &NODES;
        let fine = sum(|i| w15[i] * row[i]);
        let coarse = sum(|i| w7[i] * row[i]);
        let mean = 0.5 * fine;
        let spread = sum(|i| w15[i] * (row[i] - mean).abs());
        let difference = (fine - coarse).abs();
        let error = if spread > 0.0 { spread * (200.0 * difference / spread).powf(1.5).min(1.0) } else { difference };
        // what rounding alone leaves is no reason to go on
        let rounding = 1e-15 * spread;
        worst = worst.max(if error > rounding { error * half.abs() } else { 0.0 });
        fine * half
    });
    let value = value.collect();
    Panel { from, to, error: worst, value, samples: Vec::new() }
}

/// Sum over lanes, in an order that leaves neighbours side by side.
#[inline]
fn sum(of: impl Fn(usize) -> f64) -> f64 {
    let mut row: Row = std::array::from_fn(of);
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            row[i] += row[i + half];
        }
        half /= 2;
    }
    row[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gauss_legendre_is_exact_for_polynomials() {
        let nodes = gauss_legendre(6);
        let mean = |power: i32| nodes.iter().map(|(x, weight)| weight * x.powi(power)).sum::<f64>();
        assert!((mean(0) - 1.0).abs() < 1e-14 && (mean(11) - 1.0 / 12.0).abs() < 1e-14);
        assert!((mean(12) - 1.0 / 13.0).abs() > 1e-9);
    }

    #[test]
    fn samples_fill_the_interval_in_order() {
        let f = |x: &Row, out: &mut [Row]| out[0] = x.map(|x| 1.0 / (1e-4 + (x - 0.3).powi(2)));
        let effort = Effort { tolerance: 1e-9, start: 2, limit: 100 };
        let samples = samples(f, 1, 0.0, 1.0, effort);
        let integral: f64 = samples.iter().map(|sample| sample.weight * sample.values[0]).sum();
        assert!((integral - integrate(f, 1, 0.0, 1.0, effort).value[0]).abs() < 1e-9 * integral);
        assert!(samples.len() > 200 && (samples[samples.len() - 1].to - 1.0).abs() < 1e-12);
        let mut before = 0.0;
        for Sample { to, weight, .. } in samples {
            assert!(before < to && (to - before - weight).abs() < 1e-12);
            before = to;
        }
    }

    #[test]
    fn a_narrow_line_beside_a_smooth_function() {
        let width = 1e-5;
        let f = |x: &Row, out: &mut [Row]| {
            out[0] = x.map(f64::exp);
            out[1] = x.map(|x| width / ((x - 0.3).powi(2) + width * width));
        };
        let effort = Effort { tolerance: 1e-12, start: 8, limit: 500 };
        let fine = integrate(f, 2, 0.0, 1.0, effort);
        let line = (0.7f64 / width).atan() + (0.3f64 / width).atan();
        assert!((fine.value[0] - (std::f64::consts::E - 1.0)).abs() < 1e-13);
        assert!((fine.value[1] - line).abs() < 1e-10, "{:?}", fine.value);
        let rough = integrate(f, 2, 0.0, 1.0, Effort { limit: 8, ..effort });
        assert!((rough.value[1] - line).abs() > 1e-3 && rough.error > 1e-3);
    }
}
