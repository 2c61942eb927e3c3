//! How fine the tables of a packet must be.
//!
//! Light from many directions meets a packet at all angles, and what is narrower than a cell comes out right on average.
//! A beam meets it at one: about its angle alone, tables are refined much further.

use rayon::prelude::*;

use super::{Region, Shape, add_rows, both_ways};
use crate::compile::wavelengths::Wavelength;
use crate::optics::coherent::{Powers, Stack, Workspaces};
use crate::optics::lanes::{LANES, Row};
use crate::scene::{Packet, Scene};
use crate::stack::Setting;
use crate::tables::PACKET_REGIONS;

/// How fine tables may be, in cells, and how far halfway between two points a share may be off.
const CELLS: std::ops::RangeInclusive<u32> = 32..=256;
const OFF: f64 = 2e-4;
/// As fine as a beam may make them: places in a table are f32, and rows take memory.
const BEAM_CELLS: u32 = 1 << 18;
const BEAM_ROWS: usize = 1 << 20;
/// Wavelengths at which that is tested, at most, and those at which samples are.
const TESTED_NODES: usize = 9;
const SAMPLED_NODES: usize = 128;
/// Wavelengths that may stand for the band of a node.
const SAMPLES: u32 = 64;

/// Cells of each table, wavelengths in the band of a node, and how far a share about the beam's angle is off (0 without one).
#[derive(Debug, Clone, Copy)]
pub struct Fineness {
    pub cells: u32,
    pub samples: u32,
    off_at_beam: f64,
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
        let mut of = Fineness { cells: *CELLS.start(), samples, off_at_beam: 0.0 };
        while of.cells < *CELLS.end() && of.off_anywhere(scene, packet, &tested) > OFF {
            of.cells *= 2;
        }
        let stride = Shape::new(scene, packet, 1).stride;
        let rows = |cells: u32| wavelengths.len() * PACKET_REGIONS as usize * (cells as usize + 1) * stride;
        of.off_at_beam = of.off_about_beam(scene, packet, &tested);
        while of.off_at_beam > OFF && of.cells < BEAM_CELLS && rows(2 * of.cells) <= BEAM_ROWS {
            of.cells *= 2;
            of.off_at_beam = of.off_about_beam(scene, packet, &tested);
        }
        of
    }

    /// What a reader should know where the beam meets more than tables can follow.
    pub fn note(&self, names: &[String]) -> Option<String> {
        (self.off_at_beam > OFF).then(|| {
            format!(
                "layers {}: what they do changes so fast with the angle that reflectance or transmittance may be off by \
                 {:.1e} at the beam's angle; over many angles it is right, and `relume stack` has it at each",
                names.join(", "),
                self.off_at_beam
            )
        })
    }

    /// How far shares halfway between two points of tables are off, at most.
    fn off_anywhere(&self, scene: &Scene, packet: &Packet, tested: &[Wavelength]) -> f64 {
        let finer = Fineness { cells: 2 * self.cells, ..*self };
        let shape = Shape::new(scene, packet, finer.cells);
        let mut rows = Vec::new();
        add_rows(&mut rows, scene, packet, &finer, tested);
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

    /// The same of reflectance and transmittance in the cell that the beam falls in and those beside it.
    fn off_about_beam(&self, scene: &Scene, packet: &Packet, tested: &[Wavelength]) -> f64 {
        let off = |wavelength: &Wavelength| {
            let in_plane = wavelength.beam_in_plane?;
            let setting = Setting::new(scene, packet.clone());
            let stacks: Option<Vec<_>> = wavelength.within(self.samples).map(|nm| both_ways(&setting, nm)).collect();
            let stacks = stacks?;
            let regions = (0..PACKET_REGIONS).map(|number| {
                let (stack, turned, _) = &stacks[0];
                let region = Region::new(number, stack.incidence_index(), turned.incidence_index());
                let met: Vec<_> = stacks.iter().map(|of| if region.from_back { &of.1 } else { &of.0 }).collect();
                region.place(in_plane).map_or(0.0, |x| off_about(&met, &region, self.cells, x))
            });
            Some(regions.fold(0.0, f64::max))
        };
        tested.par_iter().filter_map(off).reduce(|| 0.0, f64::max)
    }
}

/// About a place in a table: points in turn between cells and in the middle of one, and the place itself.
fn off_about(met: &[&Stack], region: &Region, cells: u32, x: f64) -> f64 {
    const HALVES: usize = 7;
    let cell = (x * f64::from(cells)).floor().min(f64::from(cells) - 2.0).max(1.0) - 1.0;
    let own = (x * f64::from(cells)).floor().min(f64::from(cells) - 1.0);
    let points: Row = std::array::from_fn(|i| match i {
        0..HALVES => (cell + 0.5 * i as f64) / f64::from(cells),
        HALVES => x,
        _ => (own + f64::from(u8::from(i > HALVES + 1))) / f64::from(cells),
    });
    let in_plane = points.map(|x| region.in_plane(x));
    let powers: Vec<_> =
        met.iter().map(|stack| stack.absorptances_of_many(&in_plane, &mut Workspaces::default())).collect();
    let shares = |lane: usize| mean_shares(&powers, lane);
    let off = |i: usize| {
        let [before, here, after] = [i - 1, i, i + 1].map(shares);
        (0..4).map(|k| (0.5 * (before[k] + after[k]) - here[k]).abs()).fold(0.0, f64::max)
    };
    // a line may lie between all of those
    let inside = x * f64::from(cells) - own;
    let [here, before, after] = [HALVES, HALVES + 1, HALVES + 2].map(shares);
    let at_beam = (0..4).map(|k| (before[k] + (after[k] - before[k]) * inside - here[k]).abs()).fold(0.0, f64::max);
    (1..HALVES).step_by(2).map(off).fold(at_beam, f64::max)
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
