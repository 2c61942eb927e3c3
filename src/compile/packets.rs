//! Coherent layers as tables: what a packet reflects, lets through and absorbs, by wavelength, side, cosine and
//! polarisation.
//!
//! A packet has three tables at each node: met from the front, met from the back, and met from its denser side
//! beyond total reflection. The first two go by the cosine on the rarer side, the third by tan(phi / 2), where the
//! cosine of incidence is that of the critical angle times cos(phi): powers are smooth in these, also at the critical
//! angle and at grazing light. A point is one row (reflectance, reflectance + transmittance; for s, then for p) and,
//! where any layer absorbs, one row for each two absorbers: where the share of each ends, for s and p. Absorbers are the
//! layers (their hosts), then the emitters in them.

use rayon::prelude::*;

use super::{Wavelength, emitters_in};
use crate::optics::coherent::{Power, Stack, Workspace};
use crate::scene::{Packet, Scene};
use crate::stack::Setting;
use crate::tables::{PACKET_REGIONS, PACKET_TOTAL};

/// How fine tables may be, in cells, and how far halfway between two points a share may be off.
const CELLS: std::ops::RangeInclusive<u32> = 32..=256;
const INTERPOLATION: f32 = 2e-4;
/// Wavelengths at which that is tested, at most.
const TESTED_NODES: usize = 9;

/// Absorbers whose shares are kept, layers and then the emitters in them: all, or none where no layer absorbs.
pub fn kept_absorbers(scene: &Scene, packet: &Packet) -> usize {
    let layers = &scene.layers[packet.layers.clone()];
    let all = layers.len() + emitters_in(layers) as usize;
    if layers.iter().any(|layer| layer.extinction.is_some()) { all } else { 0 }
}

/// The fewest cells, a power of two, with which interpolation is good enough at all of some wavelengths.
pub fn cells(scene: &Scene, packet: &Packet, wavelengths: &[Wavelength]) -> u32 {
    let step = wavelengths.len().div_ceil(TESTED_NODES).max(1);
    let tested: Vec<Wavelength> = wavelengths.iter().copied().step_by(step).collect();
    let stride = 1 + kept_absorbers(scene, packet).div_ceil(2);
    let mut cells = *CELLS.start();
    while cells < *CELLS.end() {
        let finer = rows(scene, packet, 2 * cells, &tested);
        let tables = finer.chunks_exact((2 * cells as usize + 1) * stride);
        if tables.map(|table| worst_halfway(table, stride)).fold(0.0, f32::max) <= INTERPOLATION {
            break;
        }
        cells *= 2;
    }
    cells
}

/// How far every second point of a table is off the mean of its neighbours, at most.
fn worst_halfway(table: &[[f32; 4]], stride: usize) -> f32 {
    let halfway = (stride..table.len() - stride).filter(|at| at / stride % 2 == 1);
    let off =
        |at: usize| (0..4).map(move |k| (0.5 * (table[at - stride][k] + table[at + stride][k]) - table[at][k]).abs());
    halfway.flat_map(off).fold(0.0, f32::max)
}

/// The rows of a packet at these wavelengths, in their order.
pub fn rows(scene: &Scene, packet: &Packet, cells: u32, wavelengths: &[Wavelength]) -> Vec<[f32; 4]> {
    let kept = kept_absorbers(scene, packet);
    let node_rows: Vec<_> = wavelengths
        .par_iter()
        .map(|Wavelength { nm, emitters_absorb }| {
            let mut rows = Vec::new();
            let setting = Setting { scene, packet: packet.clone(), emitters_absorb: *emitters_absorb };
            let stack = setting.stack(*nm).ok();
            let turned = stack.as_ref().and_then(|stack| stack.reversed().ok());
            let sharing = Sharing { emitters: setting.emitter_shares(*nm), kept };
            for region in 0..PACKET_REGIONS {
                match (&stack, &turned) {
                    (Some(stack), Some(turned)) => add_region(&mut rows, stack, turned, (region, cells), &sharing),
                    // only of a scene that is refused before any photon runs (`Scene::transportable`)
                    _ => rows.extend(dark(cells, kept)),
                }
            }
            rows
        })
        .collect();
    node_rows.concat()
}

fn points(cells: u32) -> impl Iterator<Item = f64> {
    (0..=cells).map(move |i| f64::from(i) / f64::from(cells))
}

fn dark(cells: u32, kept: usize) -> impl Iterator<Item = [f32; 4]> {
    points(cells).flat_map(move |_| std::iter::once([0.0; 4]).chain((0..kept.div_ceil(2)).map(|_| [1.0; 4])))
}

/// How the layers of a packet share with their emitters what they absorb.
struct Sharing {
    /// By layer: the share of each emitter.
    emitters: Vec<Vec<f64>>,
    kept: usize,
}

impl Sharing {
    /// Absorption by layer as absorption by layers' hosts and then by emitters.
    fn absorbers(&self, layers: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let scaled = |layer: &[f64; 2], share: f64| layer.map(|power| power * share);
        let hosts = layers.iter().zip(&self.emitters);
        let hosts = hosts.map(|(layer, of)| scaled(layer, (1.0 - of.iter().sum::<f64>()).max(0.0)));
        let emitters = layers.iter().zip(&self.emitters);
        let emitters = emitters.flat_map(|(layer, of)| of.iter().map(move |share| scaled(layer, *share)));
        hosts.chain(emitters).collect()
    }
}

fn add_region(rows: &mut Vec<[f32; 4]>, stack: &Stack, turned: &Stack, (region, cells): (u32, u32), of: &Sharing) {
    let (front, back) = (stack.incidence_index(), turned.incidence_index());
    let (rare, dense) = (front.min(back), front.max(back));
    let from_back = if region == PACKET_TOTAL { back > front } else { region == 1 };
    let met = if from_back { turned } else { stack };
    let mut workspace = Workspace::default();
    for x in points(cells) {
        let in_plane = if region == PACKET_TOTAL {
            // cos(phi) from tan(phi / 2); the cosine of the critical angle squared is 1 - (rare / dense)^2
            let cos_phi = (1.0 - x * x) / (1.0 + x * x);
            (rare * rare + (dense * dense - rare * rare) * (1.0 - cos_phi * cos_phi)).sqrt()
        } else {
            rare * (1.0 - x * x).sqrt()
        };
        let powers = met.absorptances(in_plane, &mut workspace);
        let mut layers: Vec<[f64; 2]> = workspace.layers().collect();
        if from_back {
            layers.reverse();
        }
        add_point(rows, powers, &of.absorbers(&layers), of.kept, region == PACKET_TOTAL);
    }
}

/// Narrows one point, so that shares keep their order and the last that is not 0 ends at exactly 1.
fn add_point(rows: &mut Vec<[f32; 4]>, powers: [Power; 2], absorbers: &[[f64; 2]], kept: usize, total: bool) {
    let mut first = [0.0f32; 4];
    let mut ends = vec![[1.0f32; 2]; kept];
    for pol in 0..2 {
        let Power { reflectance, transmittance } = powers[pol];
        let last = absorbers.iter().rposition(|absorber| absorber[pol] > 0.0);
        let passed = reflectance + if total { 0.0 } else { transmittance };
        let passed = if last.is_none() || passed >= 1.0 { 1.0 } else { passed };
        // without absorption, all that is not reflected is let through
        let reflectance = if total && last.is_none() { 1.0 } else { reflectance.min(passed) };
        first[2 * pol] = reflectance as f32;
        first[2 * pol + 1] = passed as f32;
        let mut end = passed;
        for (number, absorber) in absorbers.iter().enumerate().take(kept) {
            end += absorber[pol];
            let is_last = last.is_none_or(|last| number >= last);
            ends[number][pol] = if is_last { 1.0 } else { end.min(1.0) as f32 };
        }
    }
    rows.push(first);
    for pair in ends.chunks(2) {
        let second = pair.get(1).copied().unwrap_or([1.0; 2]);
        rows.push([pair[0][0], pair[0][1], second[0], second[1]]);
    }
}
