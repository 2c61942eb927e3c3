//! Emitters in packets as tables: where the power of their dipoles goes, by node of their spectrum.
//!
//! A node has one row for light that leaves the packet (front s, front p, back s, back p), one for plasmons and guided
//! waves, rows of directions for each of the four, and one for each four absorbers: layers, then the emitters
//! in them. Shares are running sums of all that is emitted, of which the last ends at exactly 1.

use rayon::prelude::*;

mod budget;
mod far_field;
mod pattern;

use super::packets::kept_absorbers;
use crate::optics::dipole::effective_plqy;
use crate::scene::{Dipole, Emitter, Recycling, Scene};
use crate::spectrum::SpectralNode;
use crate::stack::{Setting, StackProblem};
use budget::Budget;

/// Wavelengths at which the budget is worked out, at least and at most; between them it is interpolated. Where the most are
/// not enough, every node of the spectrum is one.
const STATIONS: std::ops::RangeInclusive<usize> = 9..=129;
/// How far a share of the power may be off at a new station, and a share of what leaves by one way up to some angle,
/// weighted by the spectrum. What is then used has twice as many stations.
const INTERPOLATION: f64 = 1e-3;
const PATTERN: f64 = 1e-2;

/// An emitter in a packet.
pub struct Radiator {
    /// Its power over that in an unbounded medium of its layer's index, over spectrum and zone.
    pub purcell: f64,
    /// Share of its excitations that emit.
    pub plqy: f64,
    /// Its photons by wavelength: intrinsic spectrum times Purcell factor.
    pub nodes: Vec<SpectralNode>,
    pub rows: Vec<[f32; 4]>,
}

impl Radiator {
    /// Of an emitter with its dipole in one of the scene's coherent layers. `has_steps` says that an index may jump
    /// within the spectrum, so that nothing must be interpolated.
    ///
    /// # Errors
    /// Where wave optics has no answer: see [`Scene::transportable`].
    pub fn new(
        scene: &Scene,
        layer: usize,
        of: (&Emitter, &Dipole),
        nodes: &[SpectralNode],
        has_steps: bool,
    ) -> Result<Self, StackProblem> {
        let packet = scene.packet_of(layer);
        let kept = kept_absorbers(scene, &packet);
        let emitters_absorb = scene.recycling != Recycling::Transparent;
        let setting = Setting { scene, packet, emitters_absorb };
        let at = |nm: &f64| Budget::new(&setting, layer, of, *nm);
        let budgets = if has_steps || nodes.len() <= *STATIONS.end() {
            nodes.par_iter().map(|node| at(&node.wavelength_nm)).collect::<Result<Vec<_>, _>>()?
        } else {
            interpolated(nodes, at)?
        };
        let weighted = || nodes.iter().zip(&budgets).map(|(node, budget)| node.share * budget.purcell);
        let purcell: f64 = weighted().sum();
        let nodes = nodes.iter().zip(weighted());
        let nodes = nodes.map(|(node, weight)| SpectralNode { share: weight / purcell, ..*node });
        Ok(Self {
            purcell,
            plqy: effective_plqy(of.0.plqy, purcell),
            nodes: nodes.collect(),
            rows: budgets.par_iter().map(|budget| budget.rows(kept)).collect::<Vec<_>>().concat(),
        })
    }
}

/// Budgets at the nodes of a spectrum, from as few wavelengths as will do: evenly spaced, halved until the new ones
/// are where the old ones say.
fn interpolated(
    nodes: &[SpectralNode],
    at: impl Fn(&f64) -> Result<Budget, StackProblem> + Sync,
) -> Result<Vec<Budget>, StackProblem> {
    let (low, high) = (nodes[0].wavelength_nm, nodes[nodes.len() - 1].wavelength_nm);
    let even = |count: usize| (0..count).map(move |i| low + (high - low) * i as f64 / (count - 1) as f64);
    let several = |of: Vec<f64>| of.par_iter().map(&at).collect::<Result<Vec<_>, _>>();
    let largest = nodes.iter().map(|node| node.share).fold(0.0, f64::max);
    let weight = |nm: f64| {
        let number = nodes.partition_point(|node| node.wavelength_nm < nm).min(nodes.len() - 1);
        nodes[number].share / largest
    };
    let mut stations = several(even(*STATIONS.start()).collect())?;
    loop {
        let between: Vec<f64> = even(2 * stations.len() - 1).skip(1).step_by(2).collect();
        let new = several(between.clone())?;
        let off = |(nm, budget): (&f64, &Budget)| {
            let expected = between_stations(&stations, (low, high), *nm);
            let patterns = budget.pattern.distance(&expected.pattern) * INTERPOLATION / PATTERN;
            weight(*nm) * budget.distance(&expected).max(patterns)
        };
        let worst = between.iter().zip(&new).map(off).fold(0.0, f64::max);
        let last = stations.pop();
        stations = stations.into_iter().zip(new).flat_map(|(old, new)| [old, new]).chain(last).collect();
        if worst <= INTERPOLATION {
            let between = |node: &SpectralNode| between_stations(&stations, (low, high), node.wavelength_nm);
            return Ok(nodes.par_iter().map(between).collect());
        }
        if stations.len() >= *STATIONS.end() {
            return several(nodes.iter().map(|node| node.wavelength_nm).collect());
        }
    }
}

/// Lagrange's cubic through the four stations about a wavelength.
fn between_stations(stations: &[Budget], (low, high): (f64, f64), nm: f64) -> Budget {
    let place = (nm - low) / (high - low) * (stations.len() - 1) as f64;
    let first = (place.floor() as usize).saturating_sub(1).min(stations.len() - 4);
    let x = place - first as f64;
    let weight = |i: usize| (0..4).filter(|j| *j != i).map(|j| (x - j as f64) / (i as f64 - j as f64)).product::<f64>();
    let parts: Vec<_> = (0..4).map(|i| (weight(i), &stations[first + i])).collect();
    Budget::sum(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Zone;

    /// How far budgets and patterns of a shipped scene's emitter with and without interpolation between wavelengths differ
    /// at most, and those of neighbouring nodes, weighted by the spectrum.
    fn differences(name: &str) -> [f64; 2] {
        let path = std::path::Path::new("scenes").join(name).with_extension("toml");
        let scene = crate::scene::load(&path, &[]).expect("a shipped scene is valid").scene;
        let (layer, emitter) = scene.emitters().next().expect("an emitter");
        let dipole = Dipole { zone: Zone::at(vec![(0.3, 1.0)]), ..emitter.dipole.clone().expect("a dipole") };
        let nodes = emitter.emission.nodes(&[]);
        let setting = Setting::new(&scene, scene.packet_of(layer));
        let at = |nm: &f64| Budget::new(&setting, layer, (emitter, &dipole), *nm);
        let exact: Vec<Budget> = nodes.iter().map(|node| at(&node.wavelength_nm).expect("an answer")).collect();
        let between = interpolated(&nodes, at).expect("an answer");
        let mean = |of: &[Budget]| nodes.iter().zip(of).map(|(node, of)| node.share * of.purcell).sum::<f64>();
        assert!((mean(&exact) / mean(&between) - 1.0).abs() < 1e-5);
        let largest = nodes.iter().map(|node| node.share).fold(0.0, f64::max);
        let off = |node: usize, b: &Budget| {
            let a = &exact[node];
            nodes[node].share / largest * a.distance(b).max(a.pattern.distance(&b.pattern))
        };
        let worst = |of: &dyn Fn(usize) -> f64| (1..nodes.len()).map(of).fold(0.0, f64::max);
        [worst(&|node| off(node, &between[node])), worst(&|node| off(node, &exact[node - 1]))]
    }

    #[test]
    fn interpolation_between_wavelengths_is_fine_enough() {
        for name in ["led_cspbi3_pin", "led_in_situ_core_shell_270nm"] {
            let [interpolated, neighbours] = differences(name);
            println!("{name}: {interpolated:.1e}, neighbours {neighbours:.1e}");
            assert!(interpolated < 1e-3, "{name}: {interpolated}");
            // partner: a node's own numbers, not its neighbour's
            assert!(neighbours > 5.0 * interpolated, "{name}: {interpolated}, neighbours {neighbours}");
        }
    }
}
