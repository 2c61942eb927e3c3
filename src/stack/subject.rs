//! A dipole of a scene in its packet, asked at one wavelength after the other.

use rayon::prelude::*;

use super::StackProblem;
use super::packet::Setting;
use crate::optics::dipole::{self, Beyond, Powers};
use crate::scene::{Dipole, Emitter, Scene, Side, SourceKind};
use crate::spectrum::{SpectralNode, Spectrum};

/// Wavelengths that stand for a spectrum, at most.
pub(super) const CELLS: usize = 32;

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

/// Neighbouring nodes of a spectrum taken together, so that at most about `count` are left.
pub(super) fn cells(spectrum: &Spectrum, count: usize) -> Vec<SpectralNode> {
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

/// Whether wave optics has an answer for the dipole of an emitter, at wavelengths that stand for its emission.
///
/// # Errors
/// Why not.
pub fn radiates(scene: &Scene, layer: usize, emitter: &Emitter, dipole: &Dipole) -> Result<(), StackProblem> {
    let setting = Setting::new(scene, scene.packet_of(layer));
    for node in cells(&emitter.emission, CELLS) {
        let stack = setting.emitter_stack(layer, node.wavelength_nm)?;
        for (position, _) in &dipole.zone {
            let failed = |why| StackProblem::Dipole { emitter: emitter.name.clone(), why };
            stack.dipole(*position).map_err(failed)?;
        }
    }
    Ok(())
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

    pub fn spectrum(&self, angles_deg: &[f64]) -> Result<Vec<At>, StackProblem> {
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
    pub fn tell(&self, notes: &mut Vec<String>, air: f64, top: f64, recycling: bool) {
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
