//! What slabs do with light, by node: coefficients of each medium, and behind those of all media their channels.

use super::CM_PER_UM;
use super::media::Slab;
use crate::cpu::sampling::BELOW_ONE;
use crate::scene::{Layer, Outer, Scene};
use crate::spectrum::{Curve, Grid, Key, Values};
use crate::tables::SEVERAL;

/// The rows of all nodes of a spectrum.
pub fn add_coefficients(rows: &mut Vec<[f32; 4]>, scene: &Scene, slabs: &[Slab], grid: &Grid, emitters_absorb: bool) {
    // beside a reflector in contact nothing meets the outer medium, whose index need not be known
    let outer = |outer: &Outer| if outer.reflector.is_some() { Values::Constant(1.0) } else { outer.index.on(grid) };
    let edge = scene.extent.as_ref().map_or(Values::Constant(1.0), |extent| extent.index.on(grid));
    let (front, back) = (Medium::Clear(outer(&scene.front)), Medium::Beyond(outer(&scene.back)));
    let slabs = slabs.iter().map(|slab| match slab {
        Slab::Gap(outer) => Medium::Clear(outer.index.on(grid)),
        Slab::Layer(_, layer) => Medium::Layer(Sampled::new(layer, grid, emitters_absorb)),
    });
    let mut media: Vec<_> = [front].into_iter().chain(slabs).chain([back, Medium::Beyond(edge)]).collect();
    for node in 0..grid.wavelength_nm.len() {
        for medium in &media {
            match medium {
                Medium::Clear(index) => rows.extend([[index.at(node) as f32, 0.0, 0.0, 1.0], [0.0; 4]]),
                Medium::Layer(layer) => rows.extend(layer.at(node)),
                Medium::Beyond(index) => rows.push([index.at(node) as f32, 0.0, 0.0, 1.0]),
            }
        }
        for medium in &mut media {
            if let Medium::Layer(layer) = medium {
                layer.add_channels(rows, node);
            }
        }
    }
}

/// All that the rows of a scene depend on, of what does not depend on the wavelength; `None` where that cannot be told.
pub fn key(scene: &Scene, slabs: &[Slab]) -> Option<Key> {
    let slabs = slabs.iter().map(|slab| match slab {
        Slab::Gap(outer) => Some(Key::of::<Outer>([]).around(outer.index.key()?)),
        Slab::Layer(_, layer) => layer_key(layer),
    });
    let outer = |outer: &Outer| {
        let own = Key::of::<Scene>([f64::from(u8::from(outer.reflector.is_some()))]);
        if outer.reflector.is_some() { Some(own) } else { Some(own.around(outer.index.key()?)) }
    };
    let edge = scene.extent.as_ref().map(|extent| extent.index.key());
    slabs
        .chain([outer(&scene.front), outer(&scene.back)])
        .chain(edge)
        .try_fold(Key::of::<Sampled>([]), |own, inner| Some(own.around(inner?)))
}

/// All that the rows of a layer depend on.
fn layer_key(layer: &Layer) -> Option<Key> {
    let counts =
        [layer.extinction.iter().len(), layer.scatterers.len(), layer.emitters.len()].map(|count| count as f64);
    let curves = [&layer.index, &layer.absorption_per_cm].into_iter().chain(&layer.extinction);
    let curves = curves.chain(layer.scatterers.iter().flat_map(|own| [&own.mu_s_per_cm, &own.g]));
    let curves = curves.chain(layer.emitters.iter().map(|emitter| &emitter.absorption_per_cm));
    curves.map(Curve::key).try_fold(Key::of::<Layer>(counts), |own, inner| Some(own.around(inner?)))
}

enum Medium {
    Clear(Values),
    Layer(Sampled),
    /// Where no photon flies: nothing surrounds it.
    Beyond(Values),
}

/// A layer at the wavelengths of a grid.
struct Sampled {
    index: Values,
    host_per_cm: Values,
    /// Scattering coefficient and anisotropy.
    scatterers: Vec<(Values, Values)>,
    emitters: Vec<Values>,
    /// Of one node, kept to spare an allocation for each.
    parts: Vec<f64>,
    channels: Vec<[f32; 2]>,
}

impl Sampled {
    fn new(layer: &Layer, grid: &Grid, emitters_absorb: bool) -> Self {
        let absorption = |emitter: &crate::scene::Emitter| {
            if emitters_absorb { emitter.absorption_per_cm.on(grid) } else { Values::Constant(0.0) }
        };
        let scatterers = layer.scatterers.iter();
        Self {
            index: layer.index.on(grid),
            host_per_cm: layer.host_absorption_per_cm_on(grid),
            scatterers: scatterers.map(|own| (own.mu_s_per_cm.on(grid), own.g.on(grid))).collect(),
            emitters: layer.emitters.iter().map(absorption).collect(),
            parts: Vec::new(),
            channels: Vec::new(),
        }
    }

    /// Its two rows at a node.
    fn at(&self, node: usize) -> [[f32; 4]; 2] {
        let mu_s: f64 = self.scatterers.iter().map(|(mu_s, _)| mu_s.at(node)).sum();
        let mu_emitters: f64 = self.emitters.iter().map(|emitter| emitter.at(node)).sum();
        let mu_host = self.host_per_cm.at(node);
        let mu_t = mu_s + mu_host + mu_emitters;
        // the last family that takes part must end at exactly 1: a uniform number never reaches it
        let end = |sum: f64, rest: f64| if rest == 0.0 { 1.0 } else { (sum / mu_t) as f32 };
        let host_end = end(mu_host, mu_emitters + mu_s);
        let absorb_end = end(mu_host + mu_emitters, mu_s);
        let only_g = match self.scatterers.as_slice() {
            [] => 0.0,
            [(_, g)] => anisotropy(g.at(node)),
            _ => SEVERAL,
        };
        [[self.index.at(node) as f32, (mu_t * CM_PER_UM) as f32, host_end, absorb_end], [0.0, 0.0, 0.0, only_g]]
    }

    /// Adds its channels at a node.
    fn add_channels(&mut self, rows: &mut Vec<[f32; 4]>, node: usize) {
        let scattering = self.scatterers.iter().map(|(mu_s, _)| mu_s.at(node));
        let absorption = self.emitters.iter().map(|emitter| emitter.at(node));
        let Self { parts, channels, .. } = self;
        channels.clear();
        if scattering.len() > 1 {
            let g = self.scatterers.iter().map(|(_, g)| anisotropy(g.at(node)));
            parts.clear();
            parts.extend(scattering);
            channels.extend(cumulative(parts).zip(g).map(|(share, g)| [share, g]));
        }
        if absorption.len() > 1 {
            parts.clear();
            parts.extend(absorption);
            channels.extend(cumulative(parts).map(|share| [share, 0.0]));
        }
        for pair in channels.chunks(2) {
            let second = pair.get(1).copied().unwrap_or_default();
            rows.push([pair[0][0], pair[0][1], second[0], second[1]]);
        }
    }
}

/// Between -1 and 1, both excluded, as it was before it was narrowed: at 1 there is no angle to draw.
fn anisotropy(g: f64) -> f32 {
    (g as f32).clamp(-BELOW_ONE, BELOW_ONE)
}

/// Running shares of a family, the last that has any being exactly 1.
pub fn cumulative(parts: &[f64]) -> impl Iterator<Item = f32> + '_ {
    let total: f64 = parts.iter().sum();
    let last = parts.iter().rposition(|part| *part > 0.0).unwrap_or(0);
    parts.iter().enumerate().scan(0.0, move |sum, (i, part)| {
        *sum += part;
        Some(if i >= last { 1.0 } else { (*sum / total) as f32 })
    })
}
