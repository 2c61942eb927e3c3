//! From powers to photons: effective PLQY, and light that the emitter takes back.

use super::emitter::{DipoleError, EmitterStack, Side};
use crate::optics::coherent::Layer;

/// Half the thickness of the lossless slab around the dipole, unless told otherwise.
pub const DEFAULT_SPACER_NM: f64 = 5.0;

/// Share of excitations that emit where the radiative rate is F times that in the bulk: `q F / (q F + 1 - q)`, with
/// `q` the PLQY of the emitter in an unbounded medium of its layer's index (Furno 2012).
pub fn effective_plqy(plqy: f64, purcell: f64) -> f64 {
    let radiative = plqy * purcell;
    radiative / (radiative + 1.0 - plqy)
}

/// Shares of the emitted light, with absorption by the emitter layer itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recycling {
    /// Purcell factor of the emitter layer without absorption, which sets the effective PLQY.
    pub purcell: f64,
    /// Leaves by each side: front, back.
    pub p_out: [f64; 2],
    /// Absorbed in the emitter layer from waves of `u < 1`, before light meets the outer face of a substrate.
    pub p_a: f64,
    /// Absorbed in the emitter layer from light that the outer face of a substrate sends back.
    pub p_a_substrate: f64,
}

impl Recycling {
    /// Photons that leave by a side per excitation of the emitter: `eta p_out / (1 - eta p_a)`, with `eta` the
    /// effective PLQY and re-emission alike in place and spectrum (C. Cho et al., Nat. Commun. 11, 611 (2020)).
    ///
    /// `substrate` counts light from the substrate as absorbed by the emitter too: right for a substrate far wider
    /// than light travels in it.
    pub fn yield_by(&self, side: Side, plqy: f64, substrate: bool) -> f64 {
        let eta = effective_plqy(plqy, self.purcell);
        let p_a = self.p_a + if substrate { self.p_a_substrate } else { 0.0 };
        eta * self.p_out[side as usize] / (1.0 - eta * p_a)
    }
}

impl EmitterStack {
    /// Recycling by an emitter layer that absorbs, around a lossless slab that reaches `spacer_nm` from the dipole
    /// on each side (cut at the layer's faces).
    ///
    /// Near the dipole absorption would have no limit, so waves of `u > 1` count as lost by the lossless layer's
    /// K alone; below, the layer outside the slab absorbs. What is left of a choice of `spacer_nm` is the light that
    /// the slab would have absorbed: compare `p_a` for half of it and twice of it.
    pub fn recycling(&self, position: f64, horizontal: f64, spacer_nm: f64) -> Result<Recycling, DipoleError> {
        let lossless = self.dipole(position)?.powers().mix(horizontal);
        let (split, share, parts) = self.with_slab(position, spacer_nm.max(0.0));
        let dipole = split.dipole(share)?;
        let powers = dipole.powers().mix(horizontal);
        let layers = dipole.layer_powers().mix(horizontal);
        let emitted = powers.below_light_line + powers.guided + lossless.plasmon;
        let sum = |of: &[f64]| parts.iter().map(|layer| of[*layer]).sum::<f64>() / emitted;
        Ok(Recycling {
            purcell: lossless.purcell,
            p_out: powers.escaped.map(|power| power / emitted),
            p_a: sum(&layers.propagating),
            p_a_substrate: sum(&layers.after_substrate),
        })
    }

    /// The stack with a lossless slab for the emitter, the dipole's position in it, and the layers that the rest of
    /// the emitter has become.
    fn with_slab(&self, position: f64, spacer_nm: f64) -> (EmitterStack, f64, Vec<usize>) {
        let emitter = self.layers[self.emitter];
        let depth_nm = position * emitter.thickness_nm;
        let (from_nm, to_nm) = ((depth_nm - spacer_nm).max(0.0), (depth_nm + spacer_nm).min(emitter.thickness_nm));
        // a spacer of nothing leaves a slab too thin to matter, which the near field then makes diverge
        let slab_nm = (to_nm - from_nm).max(1e-6 * emitter.thickness_nm);
        let rest = [from_nm, emitter.thickness_nm - to_nm].map(|thickness_nm| {
            (thickness_nm > 1e-9 * emitter.thickness_nm).then_some(Layer { index: emitter.index, thickness_nm })
        });
        let mut layers = self.layers[..self.emitter].to_vec();
        let mut parts = Vec::new();
        if let Some(layer) = rest[0] {
            parts.push(layers.len());
            layers.push(layer);
        }
        let slab = layers.len();
        layers.push(Layer { index: emitter.index.re.into(), thickness_nm: slab_nm });
        if let Some(layer) = rest[1] {
            parts.push(layers.len());
            layers.push(layer);
        }
        layers.extend(&self.layers[self.emitter + 1..]);
        let share = ((depth_nm - from_nm) / slab_nm).clamp(0.0, 1.0);
        (EmitterStack { layers, emitter: slab, ..self.clone() }, share, parts)
    }
}
