//! What light meets around it in each medium: the indices behind the faces, and whether they guide it.

use super::absorbing::Absorbing;
use crate::tables::{FACE_FRESNEL, Medium, medium_row};

/// Writes what surrounds light in the media where it flies into the rows of one node, of which all else is known, and
/// lowers the extinction in 1/um at which each medium guides light to that of this node where it does.
pub fn add_surroundings(
    rows: &mut [[f32; 4]],
    media: &[Medium],
    absorbing: &Absorbing,
    nm: f64,
    guided_mu_t: &mut [f32],
) {
    // the front comes before the slabs, and the last two lie behind the back and beyond the edges
    let slabs = media.len() - 3;
    let row = |medium: usize| medium_row(slabs as u32, medium as u32) as usize;
    let index = |rows: &[[f32; 4]], medium: usize| rows[row(medium)][0];
    let is_fresnel =
        |rows: &[[f32; 4]], face: usize| media[face].face_kind == FACE_FRESNEL && absorbing.is_clear_at(rows, face, nm);
    for (medium, guided_mu_t) in guided_mu_t.iter_mut().enumerate() {
        let behind = |face: usize, medium: usize| if is_fresnel(rows, face) { index(rows, medium) } else { 0.0 };
        let n_front = if medium == 0 { 0.0 } else { behind(medium - 1, medium - 1) };
        let n_back = behind(medium, medium + 1);
        let Medium { thickness_um, scatterers, emitters, .. } = media[medium];
        let [n, mu_t, ..] = rows[row(medium)];
        // light from elsewhere is never guided: it goes out by the way it came in
        let begins_here = scatterers + emitters > 0;
        let between_interfaces = n_front > 0.0 && n_back > 0.0 && thickness_um > 0.0;
        let guide_cos2 = if begins_here && between_interfaces {
            let n_denser = n_front.max(n_back);
            ((n - n_denser) * (n + n_denser) / (n * n)).max(0.0)
        } else {
            0.0
        };
        if guide_cos2 > 0.0 {
            *guided_mu_t = guided_mu_t.min(mu_t);
        }
        let around = &mut rows[row(medium) + 1];
        (around[0], around[1], around[2]) = (n_front, n_back, guide_cos2);
    }
}
