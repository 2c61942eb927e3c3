//! From scenes to flat tables: the only place that narrows f64 to f32.

mod absorbing;
mod coefficients;
mod dipoles;
mod first_surface;
mod media;
mod nodes;
mod packets;
mod slab_rows;
mod source;
mod surroundings;
mod wavelengths;

pub use first_surface::first_reflectance;
pub use media::{absorbers, has_gap};

use dipoles::Radiator;
use media::{add_media, below_one, emitters_in, slabs, slabs_before};
use nodes::{Nodes, steps_nm};
use packets::Fineness;
use slab_rows::SlabRows;
use source::{edges, source};
use wavelengths::{Wavelength, wavelengths};

use std::sync::Arc;

use crate::counts::{Fate, Layout};
use crate::scene::{Emitter, Packet, Polarisation, Recycling, Scene, Side, SourceKind};
use crate::spectrum::SpectralNode;
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
            plqy: below_one(plqy),
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
        let wavelengths = wavelengths(scene, &spectra);
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
        first_chain: if layout.chains { layout.emissions(0, Fate::ReflectedPump, 0) as u32 } else { NONE },
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
}
