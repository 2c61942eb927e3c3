//! Faces of media that absorb so strongly that they reflect by their whole index (PHYSICS.md, Fresnel). They stand in tables
//! as packets do, without a layer of their own, at the wavelengths where that is so; at others they are Fresnel faces.

use num_complex::Complex64;

use super::Wavelength;
use super::packets::Region;
use crate::optics::coherent::normal_index;
use crate::tables::{FACE_FRESNEL, FACE_PACKET, PACKET_REGIONS, PACKET_TOTAL, Tables, medium_row};

/// Cells of a table; 1 where light meets none.
const CELLS: u32 = 128;
/// From this k, as a share of n. Below it a reflectance changes by less than 1e-4, but close to the critical angle.
const STRONG: f64 = 0.01;

/// Makes such faces of the tables' only design packets without layers. Returns by face whether it is one.
pub fn add_faces(tables: &mut Tables, row_stride: u32, wavelengths: &[Wavelength], pump_nodes: usize) -> Vec<bool> {
    let faces = tables.media.len() - 2;
    let mut made = vec![false; faces];
    for (face, made) in made.iter_mut().enumerate() {
        if tables.media[face].face_kind != FACE_FRESNEL {
            continue;
        }
        let blocks = tables.coefficients.chunks_exact(row_stride as usize).zip(wavelengths);
        let indices: Vec<_> = blocks.map(|(rows, at)| indices(rows, tables.media.len(), face, at.nm)).collect();
        let (pump, others) = indices.split_at(pump_nodes);
        let [pump_cells, cells] = [pump, others].map(|of| if of.iter().any(are_strong) { CELLS } else { 1 });
        if pump_cells == 1 && cells == 1 {
            continue;
        }
        *made = true;
        let medium = &mut tables.media[face];
        medium.face_kind = FACE_PACKET;
        medium.packet_row = tables.coefficients.len() as u32;
        (medium.packet_pump_cells, medium.packet_cells) = (pump_cells, cells);
        pump.iter().for_each(|of| add_rows(&mut tables.coefficients, of, pump_cells));
        others.iter().for_each(|of| add_rows(&mut tables.coefficients, of, cells));
    }
    made
}

/// Whether a face of a node's rows reflects by its whole index.
pub fn is_strong(rows: &[[f32; 4]], media: usize, face: usize, nm: f64) -> bool {
    are_strong(&indices(rows, media, face, nm))
}

fn are_strong(indices: &[Complex64; 2]) -> bool {
    indices.iter().any(|index| index.im > STRONG * index.re)
}

/// Indices of the media on both sides of a face, their k from all that is absorbed there.
fn indices(rows: &[[f32; 4]], media: usize, face: usize, nm: f64) -> [Complex64; 2] {
    // the last two of the media lie behind the back and beyond the edges
    let slabs = media as u32 - 3;
    [face, face + 1].map(|medium| {
        let [n, mu_t_per_um, _, absorb_end] = rows[medium_row(slabs, medium as u32) as usize].map(f64::from);
        let wavelength_um = 1e-3 * nm;
        Complex64::new(n, mu_t_per_um * absorb_end * wavelength_um / (4.0 * std::f64::consts::PI))
    })
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
        for (front, back) in
            [(1.0, Complex64::new(2.4, 0.8)), (1.5, Complex64::new(1.8, 0.02)), (1.9, Complex64::new(1.5, 0.1))]
        {
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
                    let (cell, share) = ((x * 128.0) as usize, (x * 128.0).fract());
                    let at = |column: usize| {
                        let point = |i: usize| f64::from(tables[number as usize][i.min(128)][column]);
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
