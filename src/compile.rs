//! From scenes to flat tables: the only place that narrows f64 to f32.

mod absorbing;
mod coefficients;
mod dipoles;
mod nodes;
mod packets;
mod slab_rows;
mod source;
mod surroundings;

use dipoles::Radiator;
use nodes::{Nodes, steps_nm};
use packets::Fineness;
use slab_rows::{SlabRows, emitters_absorb};
use source::{edges, source};

use std::sync::Arc;

use crate::counts::{Fate, Layout};
use crate::cpu::sampling::BELOW_ONE;
use crate::scene::{Emitter, Layer, Outer, Packet, Polarisation, Recycling, ReflectorKind, Scene, Side, SourceKind};
use crate::spectrum::SpectralNode;
use crate::stack::Setting;
use crate::tables::*;

const UM_PER_MM: f64 = 1e3;
const CM_PER_UM: f64 = 1e-4;

/// Lowers designs to tables, end to end. `detail` asks for histograms.
pub fn compile<'a>(scenes: impl IntoIterator<Item = &'a Scene>, detail: bool) -> Tables {
    let mut tables = Tables::default();
    for scene in scenes {
        tables.append(design(scene, detail, None));
    }
    tables
}

/// Lowers one design for an answer at every PLQY of one emitter, counted through the scene's emitters in their
/// order: that emitter loses nothing, and fates are kept by the number of its emissions.
pub fn compile_watching(scene: &Scene, emitter: usize) -> Tables {
    let mut tables = design(scene, false, Some(emitter as u32));
    tables.emitters[emitter].plqy = 1.0;
    tables
}

/// What a photon can be in: a layer of the scene that is not coherent, or a thin gap beside a reflector.
#[derive(Clone, Copy)]
enum Slab<'a> {
    /// With its number in the scene.
    Layer(usize, &'a Layer),
    Gap(&'a Outer),
}

/// The slabs of a scene from front to back.
fn slabs(scene: &Scene) -> Vec<Slab<'_>> {
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
fn slabs_before(scene: &Scene, layer: usize) -> usize {
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
    fn thickness_um(&self) -> f64 {
        match self {
            Slab::Layer(_, layer) => layer.thickness_um,
            Slab::Gap(_) => 0.0,
        }
    }

    fn emitters(&self) -> &[Emitter] {
        match self {
            Slab::Layer(_, layer) => &layer.emitters,
            Slab::Gap(_) => &[],
        }
    }

    fn scatterers(&self) -> usize {
        match self {
            Slab::Layer(_, layer) => layer.scatterers.len(),
            Slab::Gap(_) => 0,
        }
    }

    /// Channels behind the coefficients: scatterers, then emitters, each where one must be chosen.
    fn channels(&self) -> [usize; 2] {
        [self.scatterers(), self.emitters().len()].map(|choices| if choices > 1 { choices } else { 0 })
    }
}

/// A wavelength that photons can have, and whether emitters absorb there.
#[derive(Debug, Clone, Copy)]
struct Wavelength {
    nm: f64,
    emitters_absorb: bool,
    /// What it stands for reaches so far to both sides.
    half_band_nm: f64,
    /// Index times sine of a beam, which stays what it is from layer to layer.
    beam_in_plane: Option<f64>,
}

impl Wavelength {
    /// Wavelengths spread evenly over what it stands for.
    fn within(&self, count: u32) -> impl Iterator<Item = f64> + use<> {
        let Self { nm, half_band_nm, .. } = *self;
        (0..count).map(move |i| nm + half_band_nm * (f64::from(2 * i + 1) / f64::from(count) - 1.0))
    }
}

/// Half of what each of a spectrum's rising wavelengths stands for: none where it is a line.
fn half_bands_nm(nm: &[f64]) -> impl Iterator<Item = f64> + '_ {
    // nodes are no wider; beyond that there is a gap
    const WIDEST: f64 = 0.5;
    let gap = |i: usize| nm.get(i + 1).zip(nm.get(i)).map(|(next, this)| 0.5 * (next - this));
    (0..nm.len()).map(move |i| {
        let nearest = i.checked_sub(1).and_then(gap).into_iter().chain(gap(i)).reduce(f64::min);
        nearest.map_or(0.0, |half| half.min(WIDEST))
    })
}

/// Where an emitter in a packet sends its light; `None` where wave optics has no answer, which is noted.
fn radiator(
    problems: &mut Vec<String>,
    scene: &Scene,
    (layer, emitter): (usize, &Emitter),
    nodes: &[SpectralNode],
    steps_nm: &[f64],
) -> Option<Radiator> {
    let (low, high) = emitter.emission.support_nm();
    let has_steps = steps_nm.iter().any(|step| (low..=high).contains(step));
    let radiator = Radiator::new(scene, layer, (emitter, emitter.dipole.as_ref()?), nodes, has_steps);
    radiator.map_err(|why| problems.push(format!("layer '{}': {why}", scene.layers[layer].name))).ok()
}

/// The wavelengths of all nodes, the pump's first, whose index times sine is given by the number of the node.
fn wavelengths(scene: &Scene, spectra: &[Arc<Nodes>], beam_in_plane: impl Fn(usize) -> Option<f64>) -> Vec<Wavelength> {
    let mut all = Vec::new();
    for (number, nodes) in spectra.iter().enumerate() {
        let nm = &nodes.grid.wavelength_nm;
        all.extend(nm.iter().zip(half_bands_nm(nm)).enumerate().map(|(node, (nm, half_band_nm))| Wavelength {
            nm: *nm,
            emitters_absorb: emitters_absorb(scene, number),
            half_band_nm,
            beam_in_plane: if number == 0 { beam_in_plane(node) } else { None },
        }));
    }
    all
}

/// The tables of one design.
fn design(scene: &Scene, detail: bool, watched: Option<u32>) -> Tables {
    let mut tables = Tables::default();
    let slabs = slabs(scene);
    let steps_nm = steps_nm(scene);

    // Wavelengths: the pump's, then each emitter's
    let pump = match &scene.source.kind {
        SourceKind::Beam { spectrum, .. } | SourceKind::Lambertian { spectrum } => Nodes::of(spectrum, &steps_nm),
        SourceKind::Internal { .. } | SourceKind::Electroluminescence { .. } => Arc::new(Nodes::new(Vec::new())),
    };
    let pump_nodes = pump.list.len();
    let mut next_node = pump_nodes;
    let mut spectra = vec![pump];
    let mut radiators = Vec::new();
    for (layer, emitter) in scene.emitters() {
        let own = Nodes::of(&emitter.emission, &steps_nm);
        let (own, plqy, purcell) = match radiator(&mut tables.problems, scene, (layer, emitter), &own.list, &steps_nm) {
            Some(Radiator { nodes, plqy, purcell, rows }) => {
                radiators.push((tables.emitters.len(), slabs_before(scene, layer) as u32, rows));
                (Arc::new(Nodes::new(nodes)), plqy, purcell)
            }
            None => (own, emitter.plqy, 1.0),
        };
        tables.emitters.push(EmitterRow {
            plqy: plqy as f32,
            first_node: next_node as u32,
            nodes: own.list.len() as u32,
            number: tables.emitters.len() as u32,
            dipole_row: NONE,
            packet_face: NONE,
        });
        tables.purcell.push(purcell);
        next_node += own.list.len();
        spectra.push(own);
    }

    let row_stride = add_media(&mut tables.media, scene, &slabs);
    let source = source(scene);
    let of_slabs = SlabRows::of(scene, &slabs, &tables.media, row_stride, &spectra);
    (tables.nodes, tables.coefficients) = (Arc::clone(&of_slabs.nodes), Arc::clone(&of_slabs.coefficients));
    of_slabs.set_faces(&mut tables.media);
    let guides = of_slabs.guides(&tables.media);
    let packets = scene.packets();
    if !packets.is_empty() {
        let wavelengths = wavelengths(scene, &spectra, |node| {
            let row = node * row_stride as usize + medium_row(slabs.len() as u32, source.medium) as usize;
            source.in_plane(of_slabs.coefficients[row][0])
        });
        for packet in packets {
            add_packet(&mut tables, scene, &packet, wavelengths.split_at(pump_nodes));
        }
    }
    for (emitter, face, rows) in radiators {
        let row = &mut tables.emitters[emitter];
        (row.dipole_row, row.packet_face) = (tables.coefficients.len() as u32, face);
        Arc::make_mut(&mut tables.coefficients).extend(rows);
    }

    let bins = || tables.nodes.iter().map(|node| node.wavelength / 256);
    let first_bin_nm = bins().min().unwrap_or(0);
    let layout = Layout {
        slabs: slabs.len(),
        packet_layers: scene.layers.iter().filter(|layer| layer.coherent).count(),
        emitters: tables.emitters.len(),
        first_bin_nm,
        spectrum_bins: bins().max().map_or(0, |last| (last - first_bin_nm + 1) as usize),
        chains: detail || watched.is_some(),
        detail,
        stratified: false,
    };
    tables.layouts.push(layout);
    let (edge_kind, half_width_um, half_depth_um) = edges(scene);
    tables.designs.push(Design {
        first_medium: 0,
        slabs: layout.slabs as u32,
        first_emitter: 0,
        emitters: layout.emitters as u32,
        first_node: 0,
        pump_nodes: pump_nodes as u32,
        first_row: 0,
        row_stride,
        source_kind: source.kind,
        source_medium: source.medium,
        source_emitter: source.emitter,
        cos_theta: source.cos_theta,
        spot_kind: source.spot_kind,
        spot_radius_um: source.spot_radius_um,
        edge_kind,
        half_width_um,
        half_depth_um,
        recycling_lost: (scene.recycling == Recycling::Lost) as u32,
        output_face: match scene.output {
            Side::Front => 0,
            Side::Back => 1,
        },
        first_count: 0,
        group_words: layout.group_words() as u32,
        first_chain: if layout.chains { layout.emissions(Fate::ReflectedPump, 0) as u32 } else { NONE },
        first_histogram: if detail { layout.histograms() as u32 } else { NONE },
        first_bin_nm,
        spectrum_bins: layout.spectrum_bins as u32,
        watched_emitter: watched.unwrap_or(NONE),
        absorbers: layout.absorbers() as u32,
        tracks_polarisation: (scene.polarisation == Polarisation::Track) as u32,
        guides: guides as u32,
        stratified: 0,
    });
    tables
}

/// Emitters of some layers.
fn emitters_in(layers: &[Layer]) -> u32 {
    layers.iter().map(|layer| layer.emitters.len() as u32).sum()
}

/// By medium, from the front to the back: whether light of directions that no medium around it sends begins in it. That is
/// where light is sent, emitted or scattered, and beside diffuse reflectors and dipoles.
fn begins_in(scene: &Scene, slabs: &[Slab], media: &[Medium]) -> Vec<bool> {
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

/// What falls short of 1 still does when it is narrowed: a mirror that takes a photon in a billion is not perfect.
fn below_one(share: f64) -> f32 {
    if share < 1.0 { (share as f32).min(BELOW_ONE) } else { 1.0 }
}

/// The front, the slabs, the back, and what lies beyond the edges. Returns the rows of one node.
fn add_media(media: &mut Vec<Medium>, scene: &Scene, slabs: &[Slab]) -> u32 {
    let mut channel_row = medium_row(slabs.len() as u32, slabs.len() as u32 + 3);
    let mut add = |slab: Option<&Slab>, far_reflector: Option<crate::scene::Reflector>| {
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

/// Adds the rows of a packet, at wavelengths of the pump and at the others.
fn add_packet(tables: &mut Tables, scene: &Scene, packet: &Packet, (pump, others): (&[Wavelength], &[Wavelength])) {
    let first_layer = packet.layers.start;
    let medium = &mut tables.media[slabs_before(scene, first_layer)];
    medium.packet_row = tables.coefficients.len() as u32;
    let [of_pump, of_others] = [pump, others].map(|wavelengths| Fineness::of(scene, packet, wavelengths));
    (medium.packet_pump_cells, medium.packet_cells) = (of_pump.cells, of_others.cells);
    if packets::kept_absorbers(scene, packet) > 0 {
        medium.packet_layers = packet.layers.len() as u32;
        medium.packet_emitters = emitters_in(&scene.layers[packet.layers.clone()]);
    }
    medium.packet_slot = absorbers(scene)[first_layer] as u32;
    medium.packet_first_emitter = emitters_in(&scene.layers[..first_layer]);
    let rows = Arc::make_mut(&mut tables.coefficients);
    packets::add_rows(rows, scene, packet, &of_pump, pump);
    packets::add_rows(rows, scene, packet, &of_others, others);
    tables.notes.extend(of_pump.note(&Setting::new(scene, packet.clone()).names()));
}
