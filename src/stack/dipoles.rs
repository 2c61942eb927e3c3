//! Where the light of a dipole goes, over its spectrum and its zone.

use rayon::prelude::*;
use serde::Serialize;

use super::StackProblem;
use super::led::{Brightness, mean_ev};
use super::packet::Setting;
use crate::optics::dipole::{self, Beyond, LayerPowers, Powers, effective_plqy};
use crate::outcome::Named;
use crate::scene::{Dipole, Emitter, Recycling, Scene, Side, SourceKind};
use crate::spectrum::{SpectralNode, Spectrum};

/// Wavelengths that stand for a spectrum, at most, and for recycling, which changes little over it.
const CELLS: usize = 32;
const RECYCLING_CELLS: usize = 8;
const ANGLE_STEP_DEG: usize = 5;

/// Budget of an emitter in its stack. The powers are shares of all that the dipole loses; they are averaged as powers
/// over spectrum and zone and divided afterwards. Air, substrate, guided, plasmon, absorbed and top add up to 1.
#[derive(Debug, Clone, Serialize)]
pub struct Emission {
    pub emitter: String,
    pub layer: String,
    pub plqy: f64,
    pub charge_balance: f64,
    /// The whole power over that in an unbounded medium of the emitter layer's index.
    pub purcell: f64,
    /// Leaves by the output side, through the substrate where there is one.
    pub air: f64,
    /// Reaches the substrate of either side and does not leave by its outer face.
    pub substrate: f64,
    /// Guided in the thin layers.
    pub guided: f64,
    /// Surface plasmons and near fields.
    pub plasmon: f64,
    /// Absorbed on the way to the outer media.
    pub absorbed: f64,
    /// Leaves by the other side.
    pub top: f64,
    /// Absorbed by each layer when light first meets it, from guided waves and near fields too.
    pub by_layer: Named<f64>,
    /// Beyond the output side.
    pub far_field: Vec<FarField>,
    /// The PLQY with the Purcell factor.
    pub effective_plqy: f64,
    /// Share of emitted photons that leave by the output side: `air`.
    pub outcoupling_efficiency: f64,
    /// Photons per recombination, without recycling, and per injected pair of charges.
    pub eqe_bound: f64,
    pub eqe: f64,
    pub recycling: Option<RecyclingReport>,
    /// Mean wavelength of the emitter's photons and of those that leave by the output side.
    pub intrinsic_mean_nm: f64,
    pub mean_emission_nm: f64,
    /// Width (full, at half maximum of a Gaussian of the same variance) of both.
    pub intrinsic_width_nm: f64,
    pub width_nm: f64,
    pub spectrum: Vec<Line>,
    pub brightness: Option<Brightness>,
}

/// Radiant intensity in 1/sr, as a share of the dipole's power.
#[derive(Debug, Clone, Serialize)]
pub struct FarField {
    pub angle_deg: f64,
    pub s: f64,
    pub p: f64,
    /// That of Lambert's law with the same power.
    pub lambertian: f64,
}

/// One wavelength of the emission.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    pub wavelength_nm: f64,
    /// Share of the emitter's photons.
    pub share: f64,
    pub purcell: f64,
    /// Shares of all of the dipole's power that leaves by the output side, at this wavelength.
    pub air: f64,
}

/// What the emitter takes back of its own light.
#[derive(Debug, Clone, Serialize)]
pub struct RecyclingReport {
    /// For the spacer of the scene, half of it and twice.
    pub spacers: Vec<Reabsorption>,
    /// With the spacer of the scene.
    pub eqe_bound: f64,
    pub eqe: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Reabsorption {
    pub spacer_nm: f64,
    /// Shares of the emitted light: absorbed by the emitter layer at first, from light that a substrate sends back,
    /// and leaving by the output side.
    pub p_a: f64,
    pub p_a_substrate: f64,
    pub p_out: f64,
    pub eqe_bound: f64,
}

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
struct At {
    wavelength_nm: f64,
    share: f64,
    powers: Powers,
    layers: Vec<f64>,
    /// s and p by angle.
    far_field: Vec<[f64; 2]>,
}

/// A dipole of a scene.
struct Subject<'a> {
    setting: Setting<'a>,
    layer: usize,
    emitter: &'a Emitter,
    dipole: &'a Dipole,
    output: dipole::Side,
    beyond: Beyond,
}

impl Emission {
    pub(super) fn new(
        scene: &Scene,
        layer: usize,
        emitter: usize,
        notes: &mut Vec<String>,
    ) -> Result<Self, StackProblem> {
        let (charge_balance, current) = match scene.source.kind {
            SourceKind::Electroluminescence { charge_balance, current_density_ma_per_cm2, .. } => {
                (charge_balance, current_density_ma_per_cm2)
            }
            _ => (1.0, None),
        };
        let subject = Subject::new(scene, layer, emitter);
        let list = subject.spectrum(&angles_deg())?;
        let powers = Powers::mean(list.iter().map(|at| (at.share, &at.powers)));
        let of_all = powers.fractions();
        let (out, other) = match subject.output {
            dipole::Side::Front => (dipole::Side::Front, dipole::Side::Back),
            dipole::Side::Back => (dipole::Side::Back, dipole::Side::Front),
        };
        let mean = |of: &dyn Fn(&At) -> f64| list.iter().map(|at| at.share * of(at)).sum::<f64>() / powers.purcell;
        let names = subject.setting.names();
        let air = of_all.escaped[out as usize];
        let far_field = angles_deg().into_iter().enumerate().map(|(i, angle_deg)| FarField {
            angle_deg,
            s: mean(&|at| at.far_field[i][0]),
            p: mean(&|at| at.far_field[i][1]),
            lambertian: air * angle_deg.to_radians().cos().max(0.0) / std::f64::consts::PI,
        });
        let far_field: Vec<_> = far_field.collect();
        let plqy = subject.emitter.plqy;
        let effective = effective_plqy(plqy, powers.purcell);
        let recycling = subject.recycling(charge_balance)?;
        let spectrum = list.iter().map(|at| Line {
            wavelength_nm: at.wavelength_nm,
            share: at.share,
            purcell: at.powers.purcell,
            air: at.share * at.powers.escaped[out as usize] / powers.purcell,
        });
        let spectrum: Vec<_> = spectrum.collect();
        let own: Vec<_> = spectrum.iter().map(|line| (line.wavelength_nm, line.share)).collect();
        let left: Vec<_> = spectrum.iter().map(|line| (line.wavelength_nm, line.air)).collect();
        let ([intrinsic_mean_nm, intrinsic_width_nm], [mean_emission_nm, width_nm]) = (moments(&own), moments(&left));
        let eqe = charge_balance * effective * air;
        let brightness = current.filter(|_| air > 0.0).map(|current| {
            let per_sr = charge_balance * effective * (far_field[0].s + far_field[0].p);
            Brightness::new(current, eqe, per_sr, mean_ev(&left))
        });
        subject.tell(notes, air, of_all.escaped[other as usize], recycling.is_some());
        Ok(Emission {
            emitter: subject.emitter.name.clone(),
            layer: scene.layers[layer].name.clone(),
            plqy,
            charge_balance,
            purcell: powers.purcell,
            air,
            substrate: of_all.substrate(out) + of_all.substrate(other),
            guided: of_all.guided,
            plasmon: of_all.plasmon,
            absorbed: of_all.absorbed(),
            top: of_all.escaped[other as usize],
            by_layer: Named((0..names.len()).map(|i| (names[i].clone(), mean(&|at| at.layers[i]))).collect()),
            far_field,
            effective_plqy: effective,
            outcoupling_efficiency: air,
            eqe_bound: effective * air,
            eqe,
            recycling,
            intrinsic_mean_nm,
            mean_emission_nm,
            intrinsic_width_nm,
            width_nm,
            spectrum,
            brightness,
        })
    }
}

fn angles_deg() -> Vec<f64> {
    (0..=90).step_by(ANGLE_STEP_DEG).map(f64::from).collect()
}

/// Mean, and the width of a Gaussian of the same variance.
fn moments(photons: &[(f64, f64)]) -> [f64; 2] {
    let sum: f64 = photons.iter().map(|(_, share)| share).sum();
    if sum <= 0.0 {
        return [f64::NAN; 2];
    }
    let mean = photons.iter().map(|(nm, share)| nm * share).sum::<f64>() / sum;
    let variance = photons.iter().map(|(nm, share)| (nm - mean).powi(2) * share).sum::<f64>() / sum;
    [mean, (8.0 * std::f64::consts::LN_2 * variance).sqrt()]
}

/// Neighbouring nodes of a spectrum taken together, so that at most about `count` are left.
fn cells(spectrum: &Spectrum, count: usize) -> Vec<SpectralNode> {
    let (low, high) = spectrum.support_nm();
    let width = (high - low) / count as f64;
    let mut cells: Vec<(usize, f64, f64)> = Vec::new();
    for node in spectrum.nodes(&[]) {
        let number = if width > 0.0 { ((node.wavelength_nm - low) / width) as usize } else { 0 };
        match cells.last_mut() {
            Some((last, share, moment)) if *last == number => {
                *share += node.share;
                *moment += node.share * node.wavelength_nm;
            }
            _ => cells.push((number, node.share, node.share * node.wavelength_nm)),
        }
    }
    // far out in a tail there is nothing to see
    cells.retain(|(_, share, _)| *share > 1e-6);
    let sum: f64 = cells.iter().map(|(_, share, _)| share).sum();
    let cell =
        |(_, share, moment): &(usize, f64, f64)| SpectralNode { wavelength_nm: moment / share, share: share / sum };
    cells.iter().map(cell).collect()
}

impl<'a> Subject<'a> {
    fn new(scene: &'a Scene, layer: usize, emitter: usize) -> Self {
        let packet = scene.packets().into_iter().find(|packet| packet.layers.contains(&layer));
        let setting = Setting { scene, packet: packet.expect("a dipole lies in a coherent layer") };
        let emitter = &scene.layers[layer].emitters[emitter];
        let beyond = if setting.neighbour(scene.output).is_some() { Beyond::Substrate } else { Beyond::Layers };
        let output = match scene.output {
            Side::Front => dipole::Side::Front,
            Side::Back => dipole::Side::Back,
        };
        let dipole = emitter.dipole.as_ref().expect("an emitter with a dipole was chosen");
        Subject { setting, layer, emitter, dipole, output, beyond }
    }

    fn failed(&self, why: dipole::DipoleError) -> StackProblem {
        StackProblem::Dipole { emitter: self.emitter.name.clone(), why }
    }

    fn spectrum(&self, angles_deg: &[f64]) -> Result<Vec<At>, StackProblem> {
        cells(&self.emitter.emission, CELLS).into_par_iter().map(|node| self.at(node, angles_deg)).collect()
    }

    fn at(&self, SpectralNode { wavelength_nm, share }: SpectralNode, angles_deg: &[f64]) -> Result<At, StackProblem> {
        let stack = self.setting.emitter_stack(self.layer, wavelength_nm)?;
        let mut powers = Powers::default();
        let mut layers = vec![0.0; stack.layers.len()];
        let mut far_field = vec![[0.0; 2]; angles_deg.len()];
        let horizontal = self.dipole.horizontal;
        for (position, weight) in &self.dipole.zone {
            let dipole = stack.dipole(*position).map_err(|why| self.failed(why))?;
            powers.add(&dipole.powers().mix(horizontal), *weight);
            let absorbed: LayerPowers = dipole.layer_powers().mix(horizontal);
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

    /// `None` where the emitter does not absorb its own light, or the scene leaves recycling out.
    fn recycling(&self, charge_balance: f64) -> Result<Option<RecyclingReport>, StackProblem> {
        let scene = self.setting.scene;
        let nodes = cells(&self.emitter.emission, RECYCLING_CELLS);
        let layer = &scene.layers[self.layer];
        let absorbs =
            layer.extinction.as_ref().is_some_and(|k| nodes.iter().any(|node| k.at(node.wavelength_nm) > 0.0));
        if !absorbs || scene.recycling != Recycling::On {
            return Ok(None);
        }
        let spacer_nm = self.dipole.spacer_nm;
        let spacers = [1.0, 0.5, 2.0].map(|times| times * spacer_nm);
        let spacers = spacers.into_iter().map(|spacer_nm| self.reabsorption(&nodes, spacer_nm));
        let spacers = spacers.collect::<Result<Vec<_>, _>>()?;
        let eqe_bound = spacers[0].eqe_bound;
        Ok(Some(RecyclingReport { spacers, eqe_bound, eqe: charge_balance * eqe_bound }))
    }

    fn reabsorption(&self, nodes: &[SpectralNode], spacer_nm: f64) -> Result<Reabsorption, StackProblem> {
        let horizontal = self.dipole.horizontal;
        let zone = || self.dipole.zone.iter();
        let all: Vec<_> = nodes.iter().flat_map(|node| zone().map(move |at| (node, at))).collect();
        // weight, Purcell factor, and weighted by it: what the emitter takes and what leaves
        let parts = all.into_par_iter().map(|(node, (position, weight))| {
            let stack = self.setting.emitter_stack(self.layer, node.wavelength_nm)?;
            let part = stack.recycling(*position, horizontal, spacer_nm).map_err(|why| self.failed(why))?;
            let emitted = node.share * weight * part.purcell;
            let out = part.p_out[self.output as usize];
            Ok([emitted, emitted * part.p_a, emitted * part.p_a_substrate, emitted * out])
        });
        let parts = parts.collect::<Result<Vec<_>, StackProblem>>()?;
        let [purcell, p_a, p_a_substrate, p_out] = [0, 1, 2, 3].map(|i| parts.iter().map(|part| part[i]).sum::<f64>());
        let [p_a, p_a_substrate, p_out] = [p_a, p_a_substrate, p_out].map(|sum| sum / purcell);
        let eta = effective_plqy(self.emitter.plqy, purcell);
        let eqe_bound = eta * p_out / (1.0 - eta * (p_a + p_a_substrate));
        Ok(Reabsorption { spacer_nm, p_a, p_a_substrate, p_out, eqe_bound })
    }

    /// Adds what a reader should know.
    fn tell(&self, notes: &mut Vec<String>, air: f64, top: f64, recycling: bool) {
        for side in [Side::Front, Side::Back] {
            notes.extend(self.setting.left_out(side));
        }
        let layer = &self.setting.scene.layers[self.layer];
        if layer.extinction.as_ref().is_some_and(|k| k.at(self.emitter.emission.nodes(&[])[0].wavelength_nm) > 0.0)
            || recycling
        {
            notes.push(format!(
                "layer '{}': the dipole's powers take the real part of its index, since k right at a dipole would \
                 draw power without limit; what the layer takes back stands under recycling",
                layer.name
            ));
        }
        if top > air {
            let (out, other) = match self.output {
                dipole::Side::Front => ("front", "back"),
                dipole::Side::Back => ("back", "front"),
            };
            notes.push(format!("more light leaves by the {other} than by the output side, the {out}: output = \"{other}\" turns it round"));
        }
        notes.push("light in a substrate is followed to its end in a plate without edges".to_owned());
    }
}

/// K(u) over the emission: the dispersion map.
#[derive(Debug, Clone)]
pub struct ModeMap {
    pub wavelength_nm: Vec<f64>,
    pub u: Vec<f64>,
    /// A row for each wavelength: power lost per unit of u, of the emitter's mix of dipoles.
    pub k: Vec<Vec<f64>>,
    /// `u` of light that grazes the outer media, by wavelength.
    pub light_line: Vec<f64>,
}

impl ModeMap {
    /// Of the emitter that is looked at, at the first place of its zone, up to `u_max`. `None` without a dipole.
    ///
    /// # Errors
    /// As [`super::StackReport::new`].
    pub fn new(scene: &Scene, points: usize, u_max: f64) -> Result<Option<Self>, StackProblem> {
        let Some((layer, emitter)) = chosen(scene, &mut Vec::new()) else { return Ok(None) };
        let subject = Subject::new(scene, layer, emitter);
        let wavelength_nm: Vec<f64> =
            cells(&subject.emitter.emission, 2 * CELLS).iter().map(|node| node.wavelength_nm).collect();
        let (position, _) = subject.dipole.zone[subject.dipole.zone.len() / 2];
        let dipoles = wavelength_nm.iter().map(|nm| {
            subject.setting.emitter_stack(layer, *nm)?.dipole(position).map_err(|why| subject.failed(why)) //
        });
        let dipoles = dipoles.collect::<Result<Vec<_>, _>>()?;
        let u: Vec<f64> = (0..points).map(|i| u_max * (i as f64 + 0.5) / points as f64).collect();
        let h = subject.dipole.horizontal;
        let rows = dipole::dispersion_map(&dipoles, &u).into_iter();
        let k = rows.map(|row| row.iter().map(|k| (1.0 - h) * k.perp + h * (k.par_s + k.par_p)).collect()).collect();
        let light_line = dipoles.iter().map(dipole::Dipole::light_line).collect();
        Ok(Some(ModeMap { wavelength_nm, u, k, light_line }))
    }
}
