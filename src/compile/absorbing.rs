//! Faces of media that absorb so much that it counts that they reflect by their whole index (PHYSICS.md, "Faces of absorbers"),
//! at the wavelengths where that is so; at others they are Fresnel faces.

use num_complex::Complex64;

use crate::stack::CLEAR;
use crate::tables::{FACE_ABSORBING, FACE_FRESNEL, Medium, medium_row};

/// From this k, as a share of n, a face reflects by the whole index at any angle. Below it a reflectance changes by less
/// than 1e-4, but beyond the critical angle, where it falls from 1 in proportion to k: there [`CLEAR`] counts.
const STRONG: f64 = 0.01;

/// Which faces may reflect by their whole index, and where light comes from that meets them beyond the critical angle.
pub struct Absorbing {
    /// By face.
    faces: Vec<bool>,
    /// By medium: whether light of any direction begins in it.
    sources: Vec<bool>,
}

impl Absorbing {
    /// Finds such faces between media of which the rows of all nodes are given.
    pub fn find(
        rows: &[[f32; 4]],
        media: &[Medium],
        sources: Vec<bool>,
        row_stride: u32,
        wavelengths_nm: &[f64],
    ) -> Self {
        let mut own = Self { faces: Vec::new(), sources };
        let may_be = |(face, medium): (usize, &Medium)| {
            let mut blocks = rows.chunks_exact(row_stride as usize).zip(wavelengths_nm);
            medium.face_kind == FACE_FRESNEL && blocks.any(|(rows, nm)| own.is_strong(rows, face, *nm))
        };
        own.faces = media[..media.len() - 2].iter().enumerate().map(may_be).collect();
        own
    }

    /// Makes those faces what they are.
    pub fn set_faces(&self, media: &mut [Medium]) {
        for (medium, _) in media.iter_mut().zip(&self.faces).filter(|(_, absorbing)| **absorbing) {
            medium.face_kind = FACE_ABSORBING;
        }
    }

    /// Whether light of a node with these rows meets an interface between clear media, at a face that is one by kind.
    pub fn is_clear_at(&self, rows: &[[f32; 4]], face: usize, nm: f64) -> bool {
        !self.faces[face] || !self.is_strong(rows, face, nm)
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
    pub fn indices(&self, rows: &[[f32; 4]], face: usize, nm: f64) -> [Complex64; 2] {
        [face, face + 1].map(|medium| {
            let [n, mu_t_per_um, _, absorb_end] = self.row(rows, medium).map(f64::from);
            let wavelength_um = 1e-3 * nm;
            Complex64::new(n, mu_t_per_um * absorb_end * wavelength_um / (4.0 * std::f64::consts::PI))
        })
    }
}
