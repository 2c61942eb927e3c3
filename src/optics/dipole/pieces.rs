//! Windows of `u` cut so that each narrow line of K(u) has a piece of its own.

use std::f64::consts::PI;

use super::emitter::Dipole;
use super::modes::Mode;
use crate::optics::elementary::sin_cos;
use crate::optics::lanes::{LANES, Row};

/// Windows of `u` are no narrower.
const CLOSE: f64 = 1e-12;

impl Dipole {
    /// Windows of `u` of waves that reach an outer medium, cut where `n_e u` is one of these indices too.
    pub fn radiating_windows(&self, cuts: &[f64]) -> Vec<(f64, f64)> {
        let light_line = self.light_line();
        let mut edges = self.window_edges();
        edges.extend(cuts.iter().map(|index| index / self.n_e));
        edges.sort_by(f64::total_cmp);
        edges.dedup_by(|a, b| *a - *b < CLOSE);
        let windows = edges.windows(2).map(|edge| (edge[0], edge[1]));
        windows.filter(|(_, to)| *to <= light_line + 1e-11).collect()
    }

    /// Windows in pieces in which power is smooth.
    pub fn pieces(&self, windows: &[(f64, f64)]) -> Vec<Piece> {
        let modes = self.narrow_modes();
        windows.iter().flat_map(|window| pieces(*window, &modes)).collect()
    }
}

/// A part of a window in `u`, and the variable that makes K smooth in it.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    pub from: f64,
    pub to: f64,
    /// A line in the middle: position and half width.
    line: Option<(f64, f64)>,
}

impl Piece {
    /// Range of the variable.
    pub fn range(&self) -> (f64, f64) {
        match self.line {
            Some((u, half_width)) => (((self.from - u) / half_width).asinh(), ((self.to - u) / half_width).asinh()),
            None => (0.0, 1.0),
        }
    }

    /// `u` and its derivative: `u = u_line + half_width sinh(t)` about a line, else `sin^2`, which makes square roots
    /// at both ends smooth.
    pub fn at(&self, t: f64) -> (f64, f64) {
        if let Some((u, half_width)) = self.line {
            return (u + half_width * t.sinh(), half_width * t.cosh());
        }
        let (sin, cos) = sin_cos(0.5 * PI * t);
        let width = self.to - self.from;
        (self.from + width * sin * sin, width * PI * sin * cos)
    }

    /// The same at each of a row.
    pub(crate) fn at_each(&self, t: &Row) -> [Row; 2] {
        let mut rows = [[0.0; LANES]; 2];
        for lane in 0..LANES {
            [rows[0][lane], rows[1][lane]] = self.at(t[lane]).into();
        }
        rows
    }
}

/// A window cut so that each narrow line has a piece of its own.
pub(crate) fn pieces((from, to): (f64, f64), modes: &[Mode]) -> Vec<Piece> {
    let inside: Vec<&Mode> = modes.iter().filter(|mode| mode.u > from && mode.u < to).collect();
    let mut pieces = Vec::new();
    let mut done = from;
    for (i, mode) in inside.iter().enumerate() {
        let before = if i == 0 { mode.u - from } else { 0.5 * (mode.u - inside[i - 1].u) };
        let after = inside.get(i + 1).map_or(to - mode.u, |next| 0.5 * (next.u - mode.u));
        let reach = 0.9 * before.min(after).min(0.05);
        if reach > 10.0 * mode.half_width {
            pieces.push(Piece { from: done, to: mode.u - reach, line: None });
            pieces.push(Piece { from: mode.u - reach, to: mode.u + reach, line: Some((mode.u, mode.half_width)) });
            done = mode.u + reach;
        }
    }
    pieces.push(Piece { from: done, to, line: None });
    pieces
}
