//! The wavelengths of nodes, as those ask for them whose tables go by wavelength.

use std::sync::Arc;

use super::nodes::Nodes;
use super::slab_rows::emitters_absorb;
use super::source::beam_in_plane;
use crate::scene::Scene;

/// A wavelength that photons can have, and whether emitters absorb there.
#[derive(Debug, Clone, Copy)]
pub struct Wavelength {
    pub nm: f64,
    pub emitters_absorb: bool,
    /// What it stands for reaches so far to both sides.
    pub half_band_nm: f64,
    /// Index times sine of a beam, which stays what it is from layer to layer.
    pub beam_in_plane: Option<f64>,
}

impl Wavelength {
    /// Wavelengths spread evenly over what it stands for.
    pub fn within(&self, count: u32) -> impl Iterator<Item = f64> + use<> {
        let Self { nm, half_band_nm, .. } = *self;
        (0..count).map(move |i| nm + half_band_nm * (f64::from(2 * i + 1) / f64::from(count) - 1.0))
    }
}

/// Half of what each of a spectrum's rising wavelengths stands for: none where it is a line.
fn half_bands_nm(nm: &[f64]) -> impl Iterator<Item = f64> + '_ {
    // nodes are no wider, but those of spectra of thousands of nm; beyond that there is a gap
    const WIDEST: f64 = 0.5;
    let gap = |i: usize| nm.get(i + 1).zip(nm.get(i)).map(|(next, this)| 0.5 * (next - this));
    (0..nm.len()).map(move |i| {
        let nearest = i.checked_sub(1).and_then(gap).into_iter().chain(gap(i)).reduce(f64::min);
        nearest.map_or(0.0, |half| half.min(WIDEST))
    })
}

/// The wavelengths of all nodes, the pump's first.
pub fn wavelengths(scene: &Scene, spectra: &[Arc<Nodes>]) -> Vec<Wavelength> {
    let of_spectrum = |(number, nodes): (usize, &Arc<Nodes>)| {
        let nm = &nodes.grid.wavelength_nm;
        let all = nm.iter().zip(half_bands_nm(nm)).map(|(nm, half_band_nm)| Wavelength {
            nm: *nm,
            emitters_absorb: emitters_absorb(scene, number),
            half_band_nm,
            beam_in_plane: if number == 0 { beam_in_plane(scene, *nm) } else { None },
        });
        all.collect::<Vec<_>>()
    };
    spectra.iter().enumerate().flat_map(of_spectrum).collect()
}
