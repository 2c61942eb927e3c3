//! The media of a design: what photons can be in, from the front to the back, and the faces between them.

use crate::cpu::sampling::BELOW_ONE;
use crate::scene::{Emitter, Layer, Outer, Reflector, ReflectorKind, Scene};
use crate::tables::*;

/// What a photon can be in: a layer of the scene that is not coherent, or a thin gap beside a reflector.
#[derive(Clone, Copy)]
pub enum Slab<'a> {
    /// With its number in the scene.
    Layer(usize, &'a Layer),
    Gap(&'a Outer),
}

/// The slabs of a scene from front to back.
pub fn slabs(scene: &Scene) -> Vec<Slab<'_>> {
    let gap = |outer| has_gap(outer).then_some(Slab::Gap(outer));
    let layers = scene.layers.iter().enumerate().filter(|(_, layer)| !layer.coherent);
    let layers = layers.map(|(number, layer)| Slab::Layer(number, layer));
    gap(&scene.front).into_iter().chain(layers).chain(gap(&scene.back)).collect()
}

/// Whether a thin slab of the outer medium lies between the stack and a reflector on this side.
pub fn has_gap(outer: &Outer) -> bool {
    outer.reflector.is_some_and(|reflector| reflector.gap)
}

/// Slabs in front of one of the scene's layers.
pub fn slabs_before(scene: &Scene, layer: usize) -> usize {
    let layers = scene.layers[..layer].iter().filter(|layer| !layer.coherent).count();
    usize::from(has_gap(&scene.front)) + layers
}

/// The place of each of the scene's layers among the losses by layer: slabs first, then the layers of packets.
pub fn absorbers(scene: &Scene) -> Vec<usize> {
    let mut next_coherent = slabs(scene).len();
    let place = |(number, layer): (usize, &Layer)| {
        if layer.coherent {
            next_coherent += 1;
            return next_coherent - 1;
        }
        slabs_before(scene, number)
    };
    scene.layers.iter().enumerate().map(place).collect()
}

impl Slab<'_> {
    pub fn thickness_um(&self) -> f64 {
        match self {
            Slab::Layer(_, layer) => layer.thickness_um,
            Slab::Gap(_) => 0.0,
        }
    }

    pub fn emitters(&self) -> &[Emitter] {
        match self {
            Slab::Layer(_, layer) => &layer.emitters,
            Slab::Gap(_) => &[],
        }
    }

    pub fn scatterers(&self) -> usize {
        match self {
            Slab::Layer(_, layer) => layer.scatterers.len(),
            Slab::Gap(_) => 0,
        }
    }

    /// Channels behind the coefficients: scatterers, then emitters, each where one must be chosen.
    pub fn channels(&self) -> [usize; 2] {
        [self.scatterers(), self.emitters().len()].map(|choices| if choices > 1 { choices } else { 0 })
    }
}

/// What falls short of 1 still does when it is narrowed: a mirror or an emitter that takes a photon in a billion is not
/// perfect.
pub fn below_one(share: f64) -> f32 {
    if share < 1.0 { (share as f32).min(BELOW_ONE) } else { 1.0 }
}

/// The front, the slabs, the back, and what lies beyond the edges. Returns the rows of one node.
pub fn add_media(media: &mut Vec<Medium>, scene: &Scene, slabs: &[Slab]) -> u32 {
    let mut channel_row = medium_row(slabs.len() as u32, slabs.len() as u32 + 3);
    let mut add = |slab: Option<&Slab>, far_reflector: Option<Reflector>| {
        let [scatterer_channels, emitter_channels] = slab.map_or([0; 2], Slab::channels);
        media.push(Medium {
            thickness_um: slab.map_or(0.0, Slab::thickness_um) as f32,
            channel_row,
            scatterers: slab.map_or(0, Slab::scatterers) as u32,
            first_emitter: match slab {
                Some(Slab::Layer(number, _)) => emitters_in(&scene.layers[..*number]),
                _ => NONE,
            },
            emitters: slab.map_or(0, |slab| slab.emitters().len()) as u32,
            emitter_channel: scatterer_channels as u32,
            face_kind: far_reflector.map_or(FACE_FRESNEL, |reflector| match reflector.kind {
                ReflectorKind::Specular => FACE_SPECULAR,
                ReflectorKind::Diffuse => FACE_DIFFUSE,
            }),
            face_reflectance: far_reflector.map_or(0.0, |reflector| below_one(reflector.reflectance)),
            packet_row: NONE,
            packet_pump_cells: 0,
            packet_cells: 0,
            packet_layers: 0,
            packet_emitters: 0,
            packet_slot: 0,
            packet_first_emitter: NONE,
        });
        channel_row += (scatterer_channels + emitter_channels).div_ceil(2) as u32;
    };
    add(None, scene.front.reflector);
    for (i, slab) in slabs.iter().enumerate() {
        add(Some(slab), scene.back.reflector.filter(|_| i + 1 == slabs.len()));
    }
    add(None, None);
    add(None, None);
    for packet in scene.packets() {
        media[slabs_before(scene, packet.layers.start)].face_kind = FACE_PACKET;
    }
    channel_row
}

/// Emitters of some layers.
pub fn emitters_in(layers: &[Layer]) -> u32 {
    layers.iter().map(|layer| layer.emitters.len() as u32).sum()
}

/// By medium, from the front to the back: whether light of directions that no medium around it sends begins in it. That is
/// where light is sent, emitted or scattered, and beside diffuse reflectors and dipoles.
pub fn begins_in(scene: &Scene, slabs: &[Slab], media: &[Medium]) -> Vec<bool> {
    let mut begins = vec![false; slabs.len() + 2];
    begins[0] = true;
    for (number, slab) in slabs.iter().enumerate() {
        begins[number + 1] = slab.scatterers() + slab.emitters().len() > 0;
    }
    for (face, medium) in media[..=slabs.len()].iter().enumerate() {
        if medium.face_kind == FACE_DIFFUSE {
            (begins[face], begins[face + 1]) = (true, true);
        }
    }
    for (layer, _) in scene.emitters().filter(|(layer, _)| scene.layers[*layer].coherent) {
        let face = slabs_before(scene, layer);
        (begins[face], begins[face + 1]) = (true, true);
    }
    begins
}
