//! Absorption of a perovskite nanocrystal across its band edge.
//!
//! From 470 nm on: excitons 1s to 5s and the Sommerfeld continuum, divided by the photon energy and broadened
//! by a sech, whose wings make the exponential (Urbach) tail. R. J. Elliott, Phys. Rev. 108, 1384 (1957);
//! with sech broadening as in M. Saba et al., Nat. Commun. 5, 5049 (2014) (both recalled).
//! Below 450 nm: the shape of the bulk crystal, two coefficients. Between: a linear blend.

use std::f64::consts::PI;
use std::sync::{Arc, LazyLock};

use crate::memo::Memo;
use crate::spectrum::HC_EV_NM;

/// What the shape of the intrinsic absorption coefficient depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EdgeParameters {
    /// Energy of the lowest exciton, eV.
    pub exciton_ev: f64,
    pub exciton_binding_ev: f64,
    pub urbach_ev: f64,
    /// `ln(mu_i / mu_i(450 nm)) = c1 x + c2 x^2`, x in eV above 450 nm.
    pub blue_shape: [f64; 2],
}

impl EdgeParameters {
    fn bits(&self) -> [u64; 5] {
        let [first, second] = self.blue_shape;
        [self.exciton_ev, self.exciton_binding_ev, self.urbach_ev, first, second].map(f64::to_bits)
    }
}

/// Intrinsic absorption relative to its value at 450 nm. Build it with [`Edge::cached`].
#[derive(Debug)]
pub struct Edge {
    parameters: EdgeParameters,
    /// First energy of the grid and its step, eV.
    start_ev: f64,
    step_ev: f64,
    /// `ln(E a(E))` on the grid, less the same at 450 nm.
    log_strength: Vec<f64>,
}

/// Longest wavelength at which the bulk shape alone holds, and shortest at which the edge model alone does, nm.
pub const BLEND_NM: (f64, f64) = (450.0, 470.0);

const EXCITONS: i32 = 5;
/// Beyond this many widths a sech is its exponential to 1 part in 1e17.
const TAIL_WIDTHS: f64 = 20.0;
/// Beyond this many widths the convolution has nothing to add: e^-32 = 1e-14.
const REACH_WIDTHS: f64 = 32.0;
const PANEL_WIDTHS: f64 = 1.6;
/// Grid points per broadening width: cubic interpolation of the logarithm is then good to about 1e-6.
const POINTS_PER_WIDTH: f64 = 12.0;

fn sech_over_pi(x: f64) -> f64 {
    let decay = (-x.abs()).exp();
    2.0 * decay / (1.0 + decay * decay) / PI
}

/// `E a(E)`, with a(E) up to a constant.
fn strength(energy_ev: f64, p: &EdgeParameters) -> f64 {
    let gap_ev = p.exciton_ev + p.exciton_binding_ev;
    let width = p.urbach_ev;
    let excitons: f64 = (1..=EXCITONS)
        .map(|j| {
            let level_ev = gap_ev - p.exciton_binding_ev / f64::from(j * j);
            let weight = 4.0 * PI * p.exciton_binding_ev.powf(1.5) / f64::from(j.pow(3));
            weight * sech_over_pi((energy_ev - level_ev) / width) / width
        })
        .sum();
    excitons + continuum(energy_ev - gap_ev, p.exciton_binding_ev, width)
}

/// The Sommerfeld continuum convolved with the sech, by eight-point Gauss-Legendre on panels.
fn continuum(above_gap_ev: f64, binding_ev: f64, width_ev: f64) -> f64 {
    const NODES: [(f64, f64); 4] = [
        (0.183_434_642_495_649_8, 0.362_683_783_378_362),
        (0.525_532_409_916_329, 0.313_706_645_877_887_27),
        (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
        (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
    ];
    // u = above_gap + width t is the energy of a pair above the gap, so t starts where u = 0.
    let onset = -above_gap_ev / width_ev;
    let from = onset.max(-REACH_WIDTHS);
    let to = onset.max(0.0) + REACH_WIDTHS;
    let integrand = |t: f64| {
        let pair_ev = (above_gap_ev + width_ev * t).max(f64::MIN_POSITIVE);
        let sommerfeld = -(-2.0 * PI * (binding_ev / pair_ev).sqrt()).exp_m1();
        2.0 * PI * binding_ev.sqrt() / sommerfeld * sech_over_pi(t)
    };
    let panels = ((to - from) / PANEL_WIDTHS).ceil().max(1.0);
    let half = 0.5 * (to - from) / panels;
    let mut sum = 0.0;
    for panel in 0..panels as usize {
        let middle = from + half * (2.0 * panel as f64 + 1.0);
        for (x, weight) in NODES {
            sum += weight * half * (integrand(middle + half * x) + integrand(middle - half * x));
        }
    }
    sum
}

impl Edge {
    /// The edge for these parameters, computed once in a process: a sweep over concentration or thickness
    /// asks for the same one every time. Parameters must be positive and finite.
    pub fn cached(parameters: EdgeParameters) -> Arc<Edge> {
        static KNOWN: LazyLock<Memo<[u64; 5], Edge>> = LazyLock::new(Memo::default);
        KNOWN.get(parameters.bits(), || Arc::new(Edge::new(parameters)))
    }

    /// What all values depend on.
    pub fn bits(&self) -> [u64; 5] {
        self.parameters.bits()
    }

    fn new(parameters: EdgeParameters) -> Self {
        let reference_ev = HC_EV_NM / BLEND_NM.0;
        let start_ev = parameters.exciton_ev - TAIL_WIDTHS * parameters.urbach_ev;
        let step_ev = parameters.urbach_ev / POINTS_PER_WIDTH;
        let points = ((reference_ev - start_ev).max(0.0) / step_ev).ceil() as usize + 4;
        let reference = strength(reference_ev, &parameters).max(f64::MIN_POSITIVE).ln();
        let log_strength = (0..points)
            .map(|i| strength(start_ev + step_ev * i as f64, &parameters).max(f64::MIN_POSITIVE).ln() - reference)
            .collect();
        Self { parameters, start_ev, step_ev, log_strength }
    }

    /// Intrinsic absorption coefficient over its value at 450 nm. Stated for 350 to 850 nm.
    pub fn relative(&self, wavelength_nm: f64) -> f64 {
        let (blue_end, edge_start) = BLEND_NM;
        if wavelength_nm <= blue_end {
            return self.blue(wavelength_nm);
        }
        if wavelength_nm >= edge_start {
            return self.edge(wavelength_nm);
        }
        let share = (wavelength_nm - blue_end) / (edge_start - blue_end);
        (1.0 - share) * self.blue(wavelength_nm) + share * self.edge(wavelength_nm)
    }

    fn blue(&self, wavelength_nm: f64) -> f64 {
        let above_ev = HC_EV_NM / wavelength_nm - HC_EV_NM / BLEND_NM.0;
        let [first, second] = self.parameters.blue_shape;
        (above_ev * (first + second * above_ev)).exp()
    }

    fn edge(&self, wavelength_nm: f64) -> f64 {
        let energy_ev = HC_EV_NM / wavelength_nm;
        let reference_ev = HC_EV_NM / BLEND_NM.0;
        self.log_strength_at(energy_ev).exp() * reference_ev / energy_ev
    }

    /// Cubic (four-point Lagrange) in the logarithm; below the grid the tail is exponential.
    fn log_strength_at(&self, energy_ev: f64) -> f64 {
        let y = &self.log_strength;
        let position = (energy_ev - self.start_ev) / self.step_ev;
        if position <= 0.0 {
            return y[0] + (energy_ev - self.start_ev) / self.parameters.urbach_ev;
        }
        let i = (position as usize).clamp(1, y.len() - 3);
        let t = position - i as f64;
        let lagrange = [
            -t * (t - 1.0) * (t - 2.0) / 6.0,
            (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
            -(t + 1.0) * t * (t - 2.0) / 2.0,
            (t + 1.0) * t * (t - 1.0) / 6.0,
        ];
        lagrange.iter().zip(&y[i - 1..i + 3]).map(|(weight, value)| weight * value).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapbbr3() -> EdgeParameters {
        EdgeParameters {
            exciton_ev: HC_EV_NM / 526.0 + 0.065,
            exciton_binding_ev: 0.031,
            urbach_ev: 0.0204,
            blue_shape: [1.5918, -0.2159],
        }
    }

    #[test]
    fn interpolation_agrees_with_the_integral() {
        let edge = Edge::new(mapbbr3());
        let reference = strength(HC_EV_NM / 450.0, &mapbbr3());
        for i in 0..380 {
            let wavelength_nm = 470.0 + 0.997 * f64::from(i);
            let energy_ev = HC_EV_NM / wavelength_nm;
            let direct = strength(energy_ev, &mapbbr3()) / reference * (HC_EV_NM / 450.0) / energy_ev;
            assert!((edge.relative(wavelength_nm) / direct - 1.0).abs() < 1e-5, "at {wavelength_nm} nm");
        }
    }

    #[test]
    fn continuum_agrees_with_a_fine_sum() {
        // The midpoint rule with 2e5 cells over the same convolution, another way to the same number.
        let (binding, width, above) = (0.031, 0.0204, 0.05);
        let cell = 1e-5;
        let sum: f64 = (0..200_000)
            .map(|i| (f64::from(i) + 0.5) * cell)
            .map(|u| {
                let sommerfeld = 1.0 - (-2.0 * PI * (binding / u).sqrt()).exp();
                2.0 * PI * binding.sqrt() / sommerfeld / ((above - u) / width).cosh() / (PI * width) * cell
            })
            .sum();
        assert!((continuum(above, binding, width) / sum - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_tail_is_exponential_and_joins_the_grid() {
        let edge = Edge::cached(mapbbr3());
        let slope = |from: f64, to: f64| {
            let value = |nm: f64| (edge.relative(nm) * HC_EV_NM / nm).ln();
            (value(from) - value(to)) / (HC_EV_NM / from - HC_EV_NM / to)
        };
        for wavelength_nm in [580.0, 620.0, 700.0, 840.0] {
            assert!((slope(wavelength_nm - 5.0, wavelength_nm + 5.0) * 0.0204 - 1.0).abs() < 1e-3);
        }
        assert!((slope(470.0, 500.0) * 0.0204 - 1.0).abs() > 0.5, "above the gap there is no tail");
    }

    #[test]
    fn the_same_edge_is_computed_once() {
        assert!(Arc::ptr_eq(&Edge::cached(mapbbr3()), &Edge::cached(mapbbr3())));
        let other = EdgeParameters { urbach_ev: 0.019, ..mapbbr3() };
        assert!(!Arc::ptr_eq(&Edge::cached(mapbbr3()), &Edge::cached(other)));
    }
}
