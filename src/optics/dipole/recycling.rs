//! From powers to photons: effective PLQY, and light that the emitter takes back.

use super::emitter::{Dipole, DipoleError, EmitterStack, Places, Side};
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
    /// Absorbed in the emitter layer from waves up to [`Dipole::far`], before light meets the outer face of a substrate.
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
    /// As [`Places::recycling`].
    pub fn recycling(&self, position: f64, horizontal: f64, spacer_nm: f64) -> Result<Recycling, DipoleError> {
        self.places(1).recycling(position, horizontal, spacer_nm)
    }

    /// As [`Places::in_slab`].
    pub fn in_slab(&self, position: f64, spacer_nm: f64) -> Result<InSlab, DipoleError> {
        self.places(1).in_slab(position, spacer_nm)
    }
}

impl Places<'_> {
    /// Recycling by an emitter layer that absorbs, around a lossless slab that reaches `spacer_nm` from the dipole
    /// on each side (cut at the layer's faces).
    ///
    /// Near the dipole absorption would have no limit, so waves beyond [`Dipole::far`] count as lost by the lossless layer's
    /// K alone; below, the layer outside the slab absorbs. What is left of a choice of `spacer_nm` is the light that
    /// the slab would have absorbed at first: compare `p_a` for half of it and twice of it. Light from a substrate has left the
    /// dipole's neighbourhood and meets the whole layer.
    pub fn recycling(&self, position: f64, horizontal: f64, spacer_nm: f64) -> Result<Recycling, DipoleError> {
        let lossless = self.dipole(position)?.lost(f64::INFINITY).mix(horizontal);
        let slab = self.in_slab(position, spacer_nm)?;
        let far = slab.dipole.far();
        let (radiated, lost) = (slab.dipole.radiated().mix(horizontal), slab.dipole.lost(far).mix(horizontal));
        let layers = slab.dipole.layer_powers_up_to(far).mix(horizontal);
        let emitted = lost.below_light_line + lost.guided + lossless.plasmon;
        let of_emitter = |of: &[f64]| slab.by_layer(of)[self.stack.emitter] / emitted;
        Ok(Recycling {
            purcell: lossless.purcell,
            p_out: radiated.escaped.map(|power| power / emitted),
            p_a: of_emitter(&layers.propagating),
            p_a_substrate: of_emitter(&layers.after_substrate),
        })
    }

    /// The dipole in a lossless slab that reaches `spacer_nm` to each side, cut at the faces of the emitter layer,
    /// whose rest absorbs. Light that a substrate returns finds a layer that absorbs all through.
    pub fn in_slab(&self, position: f64, spacer_nm: f64) -> Result<InSlab, DipoleError> {
        let of = self.stack;
        let emitter = of.layers[of.emitter];
        let depth_nm = position * emitter.thickness_nm;
        let spacer_nm = spacer_nm.max(0.0);
        let (from_nm, to_nm) = ((depth_nm - spacer_nm).max(0.0), (depth_nm + spacer_nm).min(emitter.thickness_nm));
        // a spacer of nothing leaves a slab too thin to matter, which the near field then makes diverge
        let slab_nm = (to_nm - from_nm).max(1e-6 * emitter.thickness_nm);
        let rest = [from_nm, emitter.thickness_nm - to_nm].map(|thickness_nm| {
            (thickness_nm > 1e-9 * emitter.thickness_nm).then_some(Layer { index: emitter.index, thickness_nm })
        });
        let mut layers = of.layers[..of.emitter].to_vec();
        layers.extend(rest[0]);
        let slab = layers.len();
        layers.push(Layer { index: emitter.index.re.into(), thickness_nm: slab_nm });
        layers.extend(rest[1]);
        let parts = layers.len() - of.emitter;
        layers.extend(&of.layers[of.emitter + 1..]);
        let share = ((depth_nm - from_nm) / slab_nm).clamp(0.0, 1.0);
        let shared = self.shared(rest.map(|rest| usize::from(rest.is_some())));
        let in_slab = EmitterStack { layers, emitter: slab, ..of.clone() };
        let dipole = in_slab.dipole_among(share, Some(emitter.index), shared)?;
        Ok(InSlab { dipole, emitter: of.emitter, parts })
    }
}

/// A dipole in a lossless slab, with the emitter layer's absorbing rest beside it.
#[derive(Debug, Clone)]
pub struct InSlab {
    pub dipole: Dipole,
    /// The emitter layer among the layers without the slab, and how many layers it has become.
    emitter: usize,
    parts: usize,
}

impl InSlab {
    /// As [`Dipole::on_first_pass`].
    pub fn on_first_pass(self) -> Self {
        Self { dipole: self.dipole.on_first_pass(), ..self }
    }

    /// Numbers by layer of the stack with the slab as numbers by layer of the stack without it.
    pub fn by_layer(&self, with_slab: &[f64]) -> Vec<f64> {
        let behind = self.emitter + self.parts;
        let mut layers = with_slab[..self.emitter].to_vec();
        layers.push(with_slab[self.emitter..behind].iter().sum());
        layers.extend(&with_slab[behind..]);
        layers
    }
}
