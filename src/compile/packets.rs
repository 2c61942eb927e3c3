//! Coherent layers as tables: what a packet reflects, lets through and absorbs, by wavelength, side, cosine and
//! polarisation.
//!
//! A packet has three tables at each node: met from the front, met from the back, and met from its denser side
//! beyond total reflection. The first two go by the cosine on the rarer side, the third by tan(phi / 2), where the
//! cosine of incidence is that of the critical angle times cos(phi): powers are smooth in these, also at the critical
//! angle and at grazing light. A point is one row (reflectance, reflectance + transmittance; for s, then for p) and,
//! where any layer absorbs, one row for each two absorbers: where the share of each ends, for s and p. Absorbers are the
//! layers (their hosts), then the emitters in them. A node stands for a band of wavelengths, and where a packet changes
//! within it, its rows are means over as many wavelengths as it takes.

mod fineness;
mod region;

pub use fineness::Fineness;
use fineness::about;
use region::Region;

use rayon::prelude::*;

use super::media::emitters_in;
use super::wavelengths::Wavelength;
use crate::optics::coherent::{Power, Stack, Workspaces};
use crate::optics::lanes::{LANES, Row};
use crate::scene::{Packet, Scene, Side};
use crate::spectrum::Curve;
use crate::stack::Setting;
use crate::tables::{PACKET_REGIONS, PACKET_TOTAL};

/// Absorbers whose shares are kept, layers and then the emitters in them: all, or none where no layer absorbs.
pub fn kept_absorbers(scene: &Scene, packet: &Packet) -> usize {
    let layers = &scene.layers[packet.layers.clone()];
    let all = layers.len() + emitters_in(layers) as usize;
    let absorbs = |k: &Curve| !matches!(k, Curve::Constant(0.0));
    if layers.iter().any(|layer| layer.extinction.as_ref().is_some_and(absorbs)) { all } else { 0 }
}

/// How a packet's tables lie.
struct Shape {
    cells: u32,
    /// Absorbers whose shares are kept.
    kept: usize,
    /// Rows of a point.
    stride: usize,
}

impl Shape {
    fn new(scene: &Scene, packet: &Packet, cells: u32) -> Self {
        let kept = kept_absorbers(scene, packet);
        Self { cells, kept, stride: 1 + kept.div_ceil(2) }
    }

    /// Rows of a region at one wavelength.
    fn region(&self) -> usize {
        (self.cells as usize + 1) * self.stride
    }
}

/// Adds the rows of a packet at these wavelengths, in their order.
pub fn add_rows(rows: &mut Vec<[f32; 4]>, scene: &Scene, packet: &Packet, of: &Fineness, wavelengths: &[Wavelength]) {
    let shape = Shape::new(scene, packet, of.cells);
    let (first, node) = (rows.len(), PACKET_REGIONS as usize * shape.region());
    rows.resize(first + wavelengths.len() * node, [0.0; 4]);
    let nodes = rows[first..].par_chunks_exact_mut(node).zip(wavelengths);
    nodes.for_each(|(rows, wavelength)| {
        let setting = Setting { scene, packet: packet.clone(), emitters_absorb: wavelength.emitters_absorb };
        let samples: Option<Vec<_>> = wavelength.within(of.samples).map(|nm| both_ways(&setting, nm)).collect();
        // an index may be stated for the wavelength and not for all of its band
        let stacks = samples.unwrap_or_else(|| both_ways(&setting, wavelength.nm).into_iter().collect());
        let mut sample = vec![[0.0; 4]; node];
        for (stack, turned, nm) in &stacks {
            let mut sharing = Sharing { emitters: setting.emitter_shares(*nm), absorbers: Vec::new() };
            for (region, rows) in (0..PACKET_REGIONS).zip(sample.chunks_exact_mut(shape.region())) {
                let mut region = Met::new(region, stack, turned);
                region.fill(rows, &shape, &mut sharing);
                if let Some(in_plane) = wavelength.beam_in_plane {
                    region.flatten_about(in_plane, rows, &shape, &mut sharing);
                }
            }
            add_share(rows, &sample, 1.0 / stacks.len() as f32);
        }
        if stacks.is_empty() {
            // only of a scene that is refused before any photon runs (`Scene::transportable`)
            rows.chunks_exact_mut(shape.stride).for_each(|point| point[1..].fill([1.0; 4]));
        }
    });
}

/// A packet met from its front and from its back, with the wavelength.
fn both_ways(setting: &Setting, nm: f64) -> Option<(Stack, Stack, f64)> {
    let stack = setting.met_from(Side::Front, nm).ok()?;
    let turned = setting.met_from(Side::Back, nm).ok()?;
    Some((stack, turned, nm))
}

/// Adds a share of some rows. Shares are powers of two, so that what is 1 in all stays 1.
fn add_share(rows: &mut [[f32; 4]], sample: &[[f32; 4]], share: f32) {
    for (row, sample) in rows.iter_mut().zip(sample) {
        *row = std::array::from_fn(|i| row[i] + share * sample[i]);
    }
}

/// How the layers of a packet share with their emitters what they absorb.
struct Sharing {
    /// By layer: the share of each emitter.
    emitters: Vec<Vec<f64>>,
    /// Absorption by layers' hosts and then by emitters, as last asked for.
    absorbers: Vec<[f64; 2]>,
}

impl Sharing {
    /// Takes absorption by layer.
    fn take(&mut self, layers: impl Iterator<Item = [f64; 2]> + Clone) {
        let scaled = |layer: [f64; 2], share: f64| layer.map(|power| power * share);
        self.absorbers.clear();
        let hosts = layers.clone().zip(&self.emitters);
        self.absorbers.extend(hosts.map(|(layer, of)| scaled(layer, (1.0 - of.iter().sum::<f64>()).max(0.0))));
        let emitters = layers.zip(&self.emitters);
        self.absorbers.extend(emitters.flat_map(|(layer, of)| of.iter().map(move |share| scaled(layer, *share))));
    }
}

/// A region of a packet's tables at one wavelength.
struct Met<'a> {
    region: Region,
    /// As met in it.
    stack: &'a Stack,
    /// Nothing is let through: beyond total reflection into a clear medium.
    closed: bool,
    workspaces: Workspaces,
}

impl<'a> Met<'a> {
    fn new(number: u32, stack: &'a Stack, turned: &'a Stack) -> Self {
        let region = Region::new(number, stack.incidence_index(), turned.incidence_index());
        let stack = if region.from_back { turned } else { stack };
        let closed = number == PACKET_TOTAL && stack.exit_index().im == 0.0;
        Self { region, stack, closed, workspaces: Workspaces::default() }
    }

    fn fill(&mut self, rows: &mut [[f32; 4]], shape: &Shape, sharing: &mut Sharing) {
        for (first, points) in rows.chunks_mut(LANES * shape.stride).enumerate() {
            let last = points.len() / shape.stride - 1;
            let place = |lane: usize| (first * LANES + lane.min(last)) as f64 / f64::from(shape.cells);
            self.fill_points(points, std::array::from_fn(|lane| self.region.in_plane(place(lane))), shape, sharing);
        }
    }

    /// Gives the points about the place of a beam what is there: interpolation between them meets it, however narrow it is.
    fn flatten_about(&mut self, in_plane: f64, rows: &mut [[f32; 4]], shape: &Shape, sharing: &mut Sharing) {
        let Some(x) = self.region.place(in_plane) else { return };
        let points = about(x, shape.cells);
        let mut point = vec![[0.0; 4]; shape.stride];
        self.fill_points(&mut point, [in_plane; LANES], shape, sharing);
        for number in points {
            rows[number as usize * shape.stride..][..shape.stride].copy_from_slice(&point);
        }
    }

    /// At most as many points as there are lanes, at these in-plane indices.
    fn fill_points(&mut self, rows: &mut [[f32; 4]], in_plane: Row, shape: &Shape, sharing: &mut Sharing) {
        let powers = self.stack.absorptances_of_many(&in_plane, &mut self.workspaces);
        for (lane, point) in rows.chunks_exact_mut(shape.stride).enumerate() {
            let layers = self.workspaces.layers().map(|[s, p]| [s[lane], p[lane]]);
            if self.region.from_back {
                sharing.take(layers.rev());
            } else {
                sharing.take(layers);
            }
            fill_point(point, powers.get(lane), &sharing.absorbers, shape.kept, self.closed);
        }
    }
}

/// Narrows one point, so that shares keep their order and the last that is not 0 ends at exactly 1.
/// `closed`: nothing is let through, beyond total reflection into a clear medium.
fn fill_point(rows: &mut [[f32; 4]], powers: [Power; 2], absorbers: &[[f64; 2]], kept: usize, closed: bool) {
    let (first, ends) = rows.split_first_mut().expect("a row for reflectance and transmittance");
    ends.fill([1.0; 4]);
    for pol in 0..2 {
        let Power { reflectance, transmittance } = powers[pol];
        let last = absorbers.iter().rposition(|absorber| absorber[pol] > 0.0);
        let passed = reflectance + if closed { 0.0 } else { transmittance };
        let passed = if last.is_none() || passed >= 1.0 { 1.0 } else { passed };
        // without absorption, all that is not reflected is let through
        let reflectance = if closed && last.is_none() { 1.0 } else { reflectance.min(passed) };
        first[2 * pol] = reflectance as f32;
        first[2 * pol + 1] = passed as f32;
        let mut end = passed;
        for (number, absorber) in absorbers.iter().enumerate().take(kept) {
            end += absorber[pol];
            let is_last = last.is_none_or(|last| number >= last);
            ends[number / 2][2 * (number % 2) + pol] = if is_last { 1.0 } else { end.min(1.0) as f32 };
        }
    }
}
