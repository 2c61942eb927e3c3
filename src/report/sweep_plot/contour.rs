//! Contour lines by marching squares (Lorensen and Cline, 1987, in two dimensions): straight between the points where
//! a level crosses the sides of cells, found by linear interpolation.

use std::collections::BTreeMap;

/// Values over a grid of places, both rising.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    /// Row after row: the value at (x\[i\], y\[j\]) stands at `j * x.len() + i`; `None` where there is none.
    pub values: Vec<Option<f64>>,
}

pub type Point = (f64, f64);

/// A side of a cell: from (i, j) to the next point in x, or in y.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Side {
    i: usize,
    j: usize,
    upright: bool,
}

impl Grid {
    pub fn at(&self, i: usize, j: usize) -> Option<f64> {
        self.values.get(j * self.x.len() + i).copied().flatten()
    }

    /// The lines along which the values are `level`. Cells without all four corners have none.
    pub fn contour(&self, level: f64) -> Vec<Vec<Point>> {
        let mut at_side: BTreeMap<Side, Vec<Side>> = BTreeMap::new();
        for j in 0..self.y.len().saturating_sub(1) {
            for i in 0..self.x.len().saturating_sub(1) {
                for [a, b] in self.cell(i, j, level) {
                    at_side.entry(a).or_default().push(b);
                    at_side.entry(b).or_default().push(a);
                }
            }
        }
        // Lines that end at the rim first, each from an end; what remains are closed loops.
        let ends: Vec<Side> = at_side.iter().filter(|(_, next)| next.len() == 1).map(|(side, _)| *side).collect();
        let all: Vec<Side> = at_side.keys().copied().collect();
        let mut lines = Vec::new();
        for start in ends.into_iter().chain(all) {
            let line = follow(&mut at_side, start);
            if line.len() > 1 {
                lines.push(line.into_iter().filter_map(|side| self.crossing(side, level)).collect());
            }
        }
        lines
    }

    /// The pieces of the line within one cell: pairs of sides it joins.
    fn cell(&self, i: usize, j: usize, level: f64) -> Vec<[Side; 2]> {
        let corners = [self.at(i, j), self.at(i + 1, j), self.at(i + 1, j + 1), self.at(i, j + 1)];
        let [Some(a), Some(b), Some(c), Some(d)] = corners else { return Vec::new() };
        let bottom = Side { i, j, upright: false };
        let right = Side { i: i + 1, j, upright: true };
        let top = Side { i, j: j + 1, upright: false };
        let left = Side { i, j, upright: true };
        let above = [a, b, c, d].map(|value| value >= level);
        match above {
            [true, false, true, false] | [false, true, false, true] => {
                // A saddle: the middle says which corners hang together.
                let middle = (a + b + c + d) / 4.0 >= level;
                if middle == above[0] { vec![[bottom, right], [top, left]] } else { vec![[bottom, left], [top, right]] }
            }
            _ => {
                let sides = [bottom, right, top, left];
                let crossed: Vec<Side> =
                    (0..4).filter(|k| above[*k] != above[(*k + 1) % 4]).map(|k| sides[k]).collect();
                if let [from, to] = crossed[..] { vec![[from, to]] } else { Vec::new() }
            }
        }
    }

    fn crossing(&self, side: Side, level: f64) -> Option<Point> {
        let Side { i, j, upright } = side;
        let (to_i, to_j) = if upright { (i, j + 1) } else { (i + 1, j) };
        let (from, to) = (self.at(i, j)?, self.at(to_i, to_j)?);
        let t = if to == from { 0.5 } else { ((level - from) / (to - from)).clamp(0.0, 1.0) };
        let mix = |a: f64, b: f64| a + t * (b - a);
        Some((mix(self.x[i], self.x[to_i]), mix(self.y[j], self.y[to_j])))
    }
}

/// Takes the chain that begins at a side out of the map.
fn follow(at_side: &mut BTreeMap<Side, Vec<Side>>, start: Side) -> Vec<Side> {
    let mut line = vec![start];
    let mut here = start;
    while let Some(next) = at_side.get_mut(&here).and_then(Vec::pop) {
        if let Some(back) = at_side.get_mut(&next)
            && let Some(place) = back.iter().position(|side| *side == here)
        {
            back.swap_remove(place);
        }
        line.push(next);
        here = next;
    }
    line
}
