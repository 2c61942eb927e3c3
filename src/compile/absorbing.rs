//! Faces of media that absorb so much that it counts that they reflect by their whole index (PHYSICS.md, "Faces of absorbers").
//! They stand in tables as packets do, without a layer of their own, at the wavelengths where that is so; at others they are
//! Fresnel faces.

use num_complex::Complex64;

use super::packets::Region;
use crate::optics::coherent::normal_index;
use crate::stack::CLEAR;
use crate::tables::{FACE_FRESNEL, FACE_PACKET, Medium, PACKET_REGIONS, PACKET_TOTAL, medium_row};

/// Cells of a table; 1 where light meets none.
const CELLS: u32 = 256;
/// From this k, as a share of n, a face reflects by the whole index at any angle. Below it a reflectance changes by less
/// than 1e-4, but beyond the critical angle, where it falls from 1 in proportion to k: there [`CLEAR`] counts.
const STRONG: f64 = 0.01;

/// Which faces may reflect by their whole index, and where light comes from that meets them beyond the critical angle.
pub struct Absorbing {
    /// By face: what is known of it where it may.
    faces: Vec<Option<Face>>,
    /// By medium: whether light of any direction begins in it.
    sources: Vec<bool>,
}

/// Where the tables of a face stand, and their cells at the pump's nodes and at the others.
struct Face {
    row: u32,
    pump_cells: u32,
    cells: u32,
}

impl Absorbing {
    /// Finds such faces between media of which the rows of all nodes are given, the pump's first, and adds their tables
    /// to these.
    pub fn add_faces(
        rows: &mut Vec<[f32; 4]>,
        media: &[Medium],
        sources: Vec<bool>,
        row_stride: u32,
        (wavelengths_nm, pump_nodes): (&[f64], usize),
    ) -> Self {
        let mut own = Self { faces: Vec::new(), sources };
        for (face, medium) in media[..media.len() - 2].iter().enumerate() {
            let blocks = || rows.chunks_exact(row_stride as usize).zip(wavelengths_nm);
            let strong: Vec<bool> = match medium.face_kind {
                FACE_FRESNEL => blocks().map(|(rows, nm)| own.is_strong(rows, face, *nm)).collect(),
                _ => Vec::new(),
            };
            if !strong.contains(&true) {
                own.faces.push(None);
                continue;
            }
            let indices: Vec<_> = blocks().map(|(rows, nm)| own.indices(rows, face, *nm)).collect();
            let [pump_cells, cells] = [&strong[..pump_nodes], &strong[pump_nodes..]]
                .map(|strong| if strong.contains(&true) { CELLS } else { 1 });
            let (pump, others) = indices.split_at(pump_nodes);
            own.faces.push(Some(Face { row: rows.len() as u32, pump_cells, cells }));
            pump.iter().for_each(|of| add_rows(rows, of, pump_cells));
            others.iter().for_each(|of| add_rows(rows, of, cells));
        }
        own
    }

    /// Makes those faces packets without layers.
    pub fn set_faces(&self, media: &mut [Medium]) {
        for (medium, face) in media.iter_mut().zip(&self.faces) {
            let Some(Face { row, pump_cells, cells }) = *face else { continue };
            medium.face_kind = FACE_PACKET;
            (medium.packet_row, medium.packet_pump_cells, medium.packet_cells) = (row, pump_cells, cells);
        }
    }

    /// Whether light of a node with these rows meets an interface between clear media, at a face that is one by kind.
    pub fn is_clear_at(&self, rows: &[[f32; 4]], face: usize, nm: f64) -> bool {
        self.faces[face].is_none() || !self.is_strong(rows, face, nm)
    }

    fn is_strong(&self, rows: &[[f32; 4]], face: usize, nm: f64) -> bool {
        let indices = self.indices(rows, face, nm);
        if indices.iter().any(|index| index.im > STRONG * index.re) {
            return true;
        }
        let rarer = usize::from(indices[1].re < indices[0].re);
        let (rare, dense) = (indices[rarer], indices[1 - rarer]);
        dense.re > rare.re && rare.im > CLEAR * rare.re && self.is_lit(rows, (face, 1 - rarer), rare.re)
    }

    /// Whether light may come to a face, from the medium in front of it (0) or behind (1), of an in-plane index above this
    /// one: it begins there, or in a medium from which all on the way are denser.
    fn is_lit(&self, rows: &[[f32; 4]], (face, side): (usize, usize), in_plane: f64) -> bool {
        let dense = |medium: &usize| f64::from(self.row(rows, *medium)[0]) > in_plane;
        let lit = |medium: usize| self.sources[medium];
        if side == 0 {
            (0..=face).rev().take_while(dense).any(lit)
        } else {
            (face + 1..self.sources.len()).take_while(dense).any(lit)
        }
    }

    fn row(&self, rows: &[[f32; 4]], medium: usize) -> [f32; 4] {
        rows[medium_row(self.sources.len() as u32 - 2, medium as u32) as usize]
    }

    /// Indices of the media on both sides of a face, their k from all that is absorbed there.
    fn indices(&self, rows: &[[f32; 4]], face: usize, nm: f64) -> [Complex64; 2] {
        [face, face + 1].map(|medium| {
            let [n, mu_t_per_um, _, absorb_end] = self.row(rows, medium).map(f64::from);
            let wavelength_um = 1e-3 * nm;
            Complex64::new(n, mu_t_per_um * absorb_end * wavelength_um / (4.0 * std::f64::consts::PI))
        })
    }
}

fn add_rows(rows: &mut Vec<[f32; 4]>, indices: &[Complex64; 2], cells: u32) {
    for number in 0..PACKET_REGIONS {
        let region = Region::new(number, indices[0].re, indices[1].re);
        let rarer = if indices[0].re < indices[1].re { indices[0] } else { indices[1] };
        let points = (0..=cells).map(|i| {
            if number == PACKET_TOTAL && rarer.im == 0.0 {
                return [1.0; 4];
            }
            let [s, p] = reflectances(indices, region.in_plane(f64::from(i) / f64::from(cells)));
            [s as f32, 1.0, p as f32, 1.0]
        });
        rows.extend(points);
    }
}

/// Reflectances for s and p by the in-plane index, from either side the same.
fn reflectances(indices: &[Complex64; 2], in_plane: f64) -> [f64; 2] {
    let [q_1, q_2] = indices.map(|index| normal_index(index * index, (in_plane * in_plane).into()));
    let ratio = |a: Complex64, b: Complex64| {
        let reflectance = ((a - b) / (a + b)).norm_sqr().min(1.0);
        // nothing of either normal index: light along the face of a medium on itself
        if reflectance.is_nan() { 0.0 } else { reflectance }
    };
    let eps = indices.map(|index| index * index);
    [ratio(q_1, q_2), ratio(q_1 * eps[1], q_2 * eps[0])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optics::fresnel::reflection;

    #[test]
    fn tables_hold_what_the_formulas_say() {
        for (front, n, k) in [(1.0, 2.4, 0.8), (1.5, 1.8, 0.02), (1.9, 1.5, 0.1), (1.6, 1.5, 0.0003)] {
            let back = Complex64::new(n, k);
            let mut rows = Vec::new();
            add_rows(&mut rows, &[front.into(), back], CELLS);
            let tables: Vec<_> = rows.chunks(CELLS as usize + 1).collect();
            let mut worst = 0.0f64;
            for i in 1..1000 {
                let cosine = f64::from(i) / 1000.0;
                let in_plane = front * (1.0 - cosine * cosine).sqrt();
                let (s, p) = reflection(front, back, cosine).reflectances();
                for number in [0, PACKET_TOTAL] {
                    let Some(x) = Region::new(number, front, back.re).place(in_plane) else { continue };
                    let (cell, share) = ((x * 256.0) as usize, (x * 256.0).fract());
                    let at = |column: usize| {
                        let point = |i: usize| f64::from(tables[number as usize][i.min(256)][column]);
                        point(cell) + (point(cell + 1) - point(cell)) * share
                    };
                    worst = worst.max((at(0) - s).abs()).max((at(2) - p).abs());
                }
            }
            println!("{front} {back}: {worst:.1e}");
            assert!(worst < 1e-3, "{front} {back}: {worst:.1e}");
        }
    }
}
