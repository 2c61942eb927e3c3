//! How fine the tables of a packet must be.
//!
//! Light from many directions meets a packet at all angles, and what is narrower than a cell comes out right on average.
//! A beam meets it at one, and the points about its place hold what is there ([`super::add_rows`]): that cell is flat, for
//! scattered light, too, so that it must not be wide.

use rayon::prelude::*;

use super::{Region, Shape, add_rows, both_ways};
use crate::compile::wavelengths::Wavelength;
use crate::optics::coherent::{Powers, Workspaces};
use crate::optics::lanes::{LANES, Row};
use crate::scene::{Packet, Scene};
use crate::stack::Setting;
use crate::tables::PACKET_REGIONS;

/// How fine tables may be, in cells, and how far halfway between two points a share may be off.
const CELLS: std::ops::RangeInclusive<u32> = 32..=256;
const OFF: f64 = 2e-4;
/// What flat cells about a beam may do to scattered light, of which so many cells see them; and as fine as that may make
/// tables, since rows take memory.
const FLAT: f64 = 1e-4;
const FLAT_CELLS: f64 = 2.0;
const BEAM_CELLS: u32 = 1 << 11;
const BEAM_ROWS: usize = 1 << 18;
/// Wavelengths at which that is tested, at most, and those at which samples are.
const TESTED_NODES: usize = 9;
const SAMPLED_NODES: usize = 128;
/// Wavelengths that may stand for the band of a node.
const SAMPLES: u32 = 64;

/// Cells of each table, and wavelengths in the band of a node.
#[derive(Debug, Clone, Copy)]
pub struct Fineness {
    pub cells: u32,
    pub samples: u32,
}

impl Fineness {
    /// The fewest, in powers of two, that are good enough at all of some wavelengths.
    pub fn of(scene: &Scene, packet: &Packet, wavelengths: &[Wavelength]) -> Self {
        let some = |most: usize| {
            let step = wavelengths.len().div_ceil(most).max(1);
            wavelengths.iter().copied().step_by(step).collect::<Vec<_>>()
        };
        let tested = some(TESTED_NODES);
        let samples = samples(scene, packet, &some(SAMPLED_NODES));
        let mut of = Fineness { cells: *CELLS.start(), samples };
        while of.cells < *CELLS.end() && of.off_anywhere(scene, packet, &tested) > OFF {
            of.cells *= 2;
        }
        let stride = Shape::new(scene, packet, 1).stride;
        let rows = |cells: u32| wavelengths.len() * PACKET_REGIONS as usize * (cells as usize + 1) * stride;
        while of.cells < BEAM_CELLS && rows(2 * of.cells) <= BEAM_ROWS && of.flattened(scene, packet, &tested) > FLAT {
            of.cells *= 2;
        }
        of
    }

    /// How far shares halfway between two points of tables are off, at most.
    fn off_anywhere(&self, scene: &Scene, packet: &Packet, tested: &[Wavelength]) -> f64 {
        let finer = Fineness { cells: 2 * self.cells, ..*self };
        let shape = Shape::new(scene, packet, finer.cells);
        // as light from all directions meets it
        let tested: Vec<_> = tested.iter().map(|at| Wavelength { beam_in_plane: None, ..*at }).collect();
        let mut rows = Vec::new();
        add_rows(&mut rows, scene, packet, &finer, &tested);
        let worst_halfway = |table: &[[f32; 4]]| {
            let halfway = (shape.stride..table.len() - shape.stride).filter(|at| at / shape.stride % 2 == 1);
            let off = |at: usize| {
                let (before, after) = (table[at - shape.stride], table[at + shape.stride]);
                (0..4).map(move |k| (0.5 * (before[k] + after[k]) - table[at][k]).abs())
            };
            halfway.flat_map(off).fold(0.0, f32::max)
        };
        f64::from(rows.par_chunks_exact(shape.region()).map(worst_halfway).reduce(|| 0.0, f32::max))
    }

    /// How far scattered light is off, over all of its angles, since it meets in the cell about the beam what the beam does.
    fn flattened(&self, scene: &Scene, packet: &Packet, tested: &[Wavelength]) -> f64 {
        let off = |wavelength: &Wavelength| {
            let in_plane = wavelength.beam_in_plane?;
            let (stack, turned, _) = both_ways(&Setting::new(scene, packet.clone()), wavelength.nm)?;
            let regions = (0..PACKET_REGIONS).map(|number| {
                let region = Region::new(number, stack.incidence_index(), turned.incidence_index());
                let met = if region.from_back { &turned } else { &stack };
                let Some(x) = region.place(in_plane) else { return 0.0 };
                let points = about(x, self.cells);
                let ends = [points.start, points.end - 1].map(|point| f64::from(point) / f64::from(self.cells));
                let in_plane: Row = std::array::from_fn(|lane| match lane {
                    0 | 1 => region.in_plane(ends[lane]),
                    _ => in_plane,
                });
                let powers = [met.absorptances_of_many(&in_plane, &mut Workspaces::default())];
                let [low, high, beam] = [0, 1, 2].map(|lane| mean_shares(&powers, lane));
                (0..4).map(|k| (low[k] - beam[k]).abs().max((high[k] - beam[k]).abs())).fold(0.0, f64::max)
            });
            Some(regions.fold(0.0, f64::max) * FLAT_CELLS / f64::from(self.cells))
        };
        tested.par_iter().filter_map(off).reduce(|| 0.0, f64::max)
    }
}

/// Points of a table between which a beam's place lies, and those beside it that it may come to lie at when it is rounded;
/// none where it is a point itself.
pub fn about(x: f64, cells: u32) -> std::ops::Range<u32> {
    const ROUNDED: f64 = 0.05;
    let place = x * f64::from(cells);
    if place == place.round() {
        return 0..0;
    }
    let first = (place - ROUNDED).floor().max(0.0) as u32;
    let last = (place + ROUNDED).ceil().min(f64::from(cells)) as u32;
    first..last + 1
}

/// Means over wavelengths: reflectance, and reflectance and transmittance together, for s and p.
fn mean_shares(powers: &[Powers], lane: usize) -> [f64; 4] {
    let mut sum = [0.0; 4];
    for powers in powers {
        for (pol, of) in powers.get(lane).into_iter().enumerate() {
            sum[2 * pol] += of.reflectance;
            sum[2 * pol + 1] += of.reflectance + of.transmittance;
        }
    }
    sum.map(|sum| sum / powers.len().max(1) as f64)
}

/// Wavelengths that must stand for the band of each node, so that what light of all of them does settles on average.
fn samples(scene: &Scene, packet: &Packet, wavelengths: &[Wavelength]) -> u32 {
    let mut samples = 1;
    let mut means = at_angles(scene, packet, wavelengths, samples);
    while samples < SAMPLES {
        let finer = at_angles(scene, packet, wavelengths, 2 * samples);
        let off = |lane: usize, k: usize| {
            let nodes = means.iter().zip(&finer).map(|(a, b)| (a[lane][k] - b[lane][k]).abs());
            nodes.sum::<f64>() / wavelengths.len().max(1) as f64
        };
        let worst = (0..LANES).flat_map(|lane| (0..4).map(move |k| (lane, k))).map(|(lane, k)| off(lane, k));
        if worst.fold(0.0, f64::max) <= OFF {
            break;
        }
        samples *= 2;
        means = finer;
    }
    samples
}

/// Shares by node at angles from the normal on, the beam's first.
fn at_angles(scene: &Scene, packet: &Packet, wavelengths: &[Wavelength], samples: u32) -> Vec<[[f64; 4]; LANES]> {
    let of = |wavelength: &Wavelength| {
        let setting = Setting::new(scene, packet.clone());
        let powers = wavelength.within(samples).filter_map(|nm| {
            let (stack, turned, _) = both_ways(&setting, nm)?;
            let rarer = stack.incidence_index().min(turned.incidence_index());
            let mut in_plane: Row = std::array::from_fn(|lane| rarer * lane as f64 / LANES as f64);
            if let Some(beam) = wavelength.beam_in_plane.filter(|beam| *beam < rarer) {
                in_plane[0] = beam;
            }
            Some(stack.absorptances_of_many(&in_plane, &mut Workspaces::default()))
        });
        let powers: Vec<_> = powers.collect();
        std::array::from_fn(|lane| mean_shares(&powers, lane))
    };
    wavelengths.par_iter().map(of).collect()
}
