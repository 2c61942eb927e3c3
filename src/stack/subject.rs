//! A dipole of a scene in its packet, asked at one wavelength after the other.

use rayon::prelude::*;

use super::StackProblem;
use super::cells::Cells;
use super::packet::Setting;
use crate::optics::dipole::{self, Beyond, Powers};
use crate::optics::quadrature::gauss_legendre;
use crate::scene::{Dipole, Emitter, Scene, Side, SourceKind};
use crate::spectrum::SpectralNode;

/// Wavelengths that stand for a spectrum, at most, and where a cavity has lines between them.
pub(super) const CELLS: usize = 32;
const CELLS_OF_LINES: usize = 512;
/// How far a wavelength may be from the mean of its neighbours, on average, as a share of the dipole's power.
const UNEVEN: f64 = 2e-3;

/// Share of the power that a reader should be told of.
const WORTH_A_NOTE: f64 = 1e-4;

/// The emitter to look at: that of an electroluminescent scene, else the only one with a dipole.
pub(super) fn chosen(scene: &Scene, notes: &mut Vec<String>) -> Option<(usize, usize)> {
    if let SourceKind::Electroluminescence { layer, emitter, .. } = scene.source.kind {
        return Some((layer, emitter));
    }
    let all = scene.layers.iter().enumerate().flat_map(|(at, layer)| {
        let dipoles = layer.emitters.iter().enumerate().filter(|(_, emitter)| emitter.dipole.is_some());
        dipoles.map(move |(emitter, _)| (at, emitter))
    });
    let all: Vec<_> = all.collect();
    if all.len() > 1 {
        let why = "several emitters have a dipole; a source of kind electroluminescence says which one is looked at";
        notes.push(why.to_owned());
    }
    if let [one] = all[..] { Some(one) } else { None }
}

/// Everything at one wavelength, averaged over the zone.
pub(super) struct At {
    pub wavelength_nm: f64,
    pub share: f64,
    pub powers: Powers,
    pub layers: Vec<f64>,
    /// s and p by angle.
    pub far_field: Vec<[f64; 2]>,
}

/// A dipole of a scene.
pub(super) struct Subject<'a> {
    pub setting: Setting<'a>,
    pub layer: usize,
    pub emitter: &'a Emitter,
    pub dipole: &'a Dipole,
    pub output: dipole::Side,
    pub beyond: Beyond,
}

/// Whether wave optics has an answer for the dipole of an emitter, at wavelengths that stand for its emission.
///
/// # Errors
/// Why not.
pub fn radiates(scene: &Scene, layer: usize, emitter: &Emitter, dipole: &Dipole) -> Result<(), StackProblem> {
    let setting = Setting::new(scene, scene.packet_of(layer));
    let cells = Cells::new(&emitter.emission, CELLS).cells;
    for node in &cells {
        let stack = setting.emitter_stack(layer, node.wavelength_nm)?;
        for (position, _) in &dipole.zone.places {
            let failed = |why| StackProblem::Dipole { emitter: emitter.name.clone(), why };
            stack.dipole(*position).map_err(failed)?;
        }
    }
    settled(&setting, (layer, emitter, dipole), &cells)
}

/// Whether places that stand for a whole layer are enough of them. Beside what absorbs no number is: a dipole loses energy
/// without limit as it nears that face, and the mean over the layer is none.
fn settled(
    setting: &Setting,
    (layer, emitter, dipole): (usize, &Emitter, &Dipole),
    cells: &[SpectralNode],
) -> Result<(), StackProblem> {
    const FEWER: f64 = 0.7;
    const OFF: f64 = 0.01;
    let strongest = cells.iter().max_by(|a, b| a.share.total_cmp(&b.share));
    let Some(cell) = strongest.filter(|_| dipole.zone.fills_layer) else { return Ok(()) };
    let stack = setting.emitter_stack(layer, cell.wavelength_nm)?;
    let many = dipole.zone.places.len();
    let few = (FEWER * many as f64) as usize;
    let layer = stack.places(few + many);
    let mean = |places: &[(f64, f64)]| {
        let parts = places.iter().map(|(at, weight)| Ok(weight * layer.dipole(*at)?.purcell().mix(dipole.horizontal)));
        let parts = parts.collect::<Result<Vec<f64>, _>>();
        let failed = |why| StackProblem::Dipole { emitter: emitter.name.clone(), why };
        parts.map(|parts| parts.iter().sum::<f64>()).map_err(failed)
    };
    let (of_few, of_many) = (mean(&gauss_legendre(few))?, mean(&dipole.zone.places)?);
    if (of_many / of_few - 1.0).abs() <= OFF {
        return Ok(());
    }
    Err(StackProblem::Unsettled { emitter: emitter.name.clone(), few, of_few, many, of_many })
}

impl<'a> Subject<'a> {
    pub fn new(scene: &'a Scene, layer: usize, emitter: usize) -> Self {
        let setting = Setting::new(scene, scene.packet_of(layer));
        let emitter = &scene.layers[layer].emitters[emitter];
        let beyond = if setting.neighbour(scene.output).is_some() { Beyond::Substrate } else { Beyond::Layers };
        let output = match scene.output {
            Side::Front => dipole::Side::Front,
            Side::Back => dipole::Side::Back,
        };
        let dipole = emitter.dipole.as_ref().expect("an emitter with a dipole was chosen");
        Subject { setting, layer, emitter, dipole, output, beyond }
    }

    pub fn failed(&self, why: dipole::DipoleError) -> StackProblem {
        StackProblem::Dipole { emitter: self.emitter.name.clone(), why }
    }

    /// The emission in as few cells as will do, and all at each of them.
    pub fn over_emission(&self, angles_deg: &[f64]) -> Result<(Cells, Vec<At>), StackProblem> {
        let of = |count: usize| {
            let cells = Cells::new(&self.emitter.emission, count);
            let list = self.spectrum(&cells.cells, angles_deg)?;
            Ok((cells, list))
        };
        let (cells, list) = of(CELLS)?;
        if self.is_even(&list) { Ok((cells, list)) } else { of(CELLS_OF_LINES) }
    }

    /// Whether neighbouring wavelengths say what the one between them says.
    fn is_even(&self, list: &[At]) -> bool {
        let quantities: [&dyn Fn(&At) -> f64; 4] =
            [&|at| at.powers.purcell, &|at| at.powers.escaped[0], &|at| at.powers.escaped[1], &|at| at.powers.guided];
        let off = |of: &dyn Fn(&At) -> f64| {
            let three = list.windows(3).map(|three| {
                let [before, at, after] = [0, 1, 2].map(|i| of(&three[i]));
                three[1].share * (at - 0.5 * (before + after)).abs()
            });
            let all: f64 = list.iter().map(|at| at.share * at.powers.purcell).sum();
            three.sum::<f64>() / all
        };
        quantities.into_iter().all(|of| off(of) <= UNEVEN)
    }

    /// At every cell of the emission.
    fn spectrum(&self, cells: &[SpectralNode], angles_deg: &[f64]) -> Result<Vec<At>, StackProblem> {
        settled(&self.setting, (self.layer, self.emitter, self.dipole), cells)?;
        cells.par_iter().map(|cell| self.at(*cell, angles_deg)).collect()
    }

    fn at(&self, SpectralNode { wavelength_nm, share }: SpectralNode, angles_deg: &[f64]) -> Result<At, StackProblem> {
        let stack = self.setting.emitter_stack(self.layer, wavelength_nm)?;
        let mut powers = Powers::default();
        let mut layers = vec![0.0; stack.layers.len()];
        let mut far_field = vec![[0.0; 2]; angles_deg.len()];
        let horizontal = self.dipole.horizontal;
        let places = stack.places(self.dipole.zone.places.len());
        for (position, weight) in &self.dipole.zone.places {
            let dipole = places.dipole(*position).map_err(|why| self.failed(why))?;
            let (own, absorbed) = dipole.budget(horizontal).map_err(|why| self.failed(why))?;
            powers.add(&own, *weight);
            for (layer, sum) in layers.iter_mut().enumerate() {
                *sum += weight * absorbed.at_once(layer);
            }
            for (sum, angle_deg) in far_field.iter_mut().zip(angles_deg) {
                let [s, p] = dipole.far_field(self.output, self.beyond, horizontal, *angle_deg);
                *sum = [sum[0] + weight * s, sum[1] + weight * p];
            }
        }
        Ok(At { wavelength_nm, share, powers, layers, far_field })
    }

    /// Adds what a reader should know.
    pub fn tell(&self, notes: &mut Vec<String>, of_all: &Powers, recycling: bool) {
        for side in [Side::Front, Side::Back] {
            notes.extend(self.setting.left_out(side));
        }
        let layer = &self.setting.scene.layers[self.layer];
        if layer.extinction.as_ref().is_some_and(|k| k.at(self.emitter.emission.nodes(&[])[0].wavelength_nm) > 0.0)
            || recycling
        {
            let taken = if recycling {
                "what the layer takes back stands under recycling"
            } else {
                "what the layer absorbs is left out"
            };
            notes.push(format!(
                "layer '{}': the dipole's powers take the real part of its index, since k right at a dipole would \
                 draw power without limit; {taken}",
                layer.name
            ));
        }
        let own = self.output as usize;
        if of_all.escaped[1 - own] > of_all.escaped[own] {
            let (out, other) = match self.output {
                dipole::Side::Front => ("front", "back"),
                dipole::Side::Back => ("back", "front"),
            };
            notes.push(format!("more light leaves by the {other} than by the output side, the {out}: output = \"{other}\" turns it round"));
        }
        if of_all.crossed[own] > WORTH_A_NOTE {
            notes.push(format!(
                "{:.2} % of the dipole's power enters a substrate, crosses the thin layers later and leaves by the output \
                 side; that is part of substrate (substrate_to_air), not of air, while `relume run` counts it as light out",
                100.0 * of_all.crossed[own]
            ));
        }
        if of_all.radiated != of_all.escaped {
            notes.push(
                "light in a substrate is followed in a plate without edges, between its outer face and the thin layers"
                    .to_owned(),
            );
        }
    }
}
