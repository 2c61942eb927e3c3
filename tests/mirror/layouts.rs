//! Offsets and sizes of the structs that cross from Rust to WGSL, by the names of their fields.

use std::mem::{offset_of, size_of};

use relume::gpu::shader::{self, JobHeader, PHOTON_BYTES, U64, WorkRange};
use relume::tables::{Coefficients, Design, EmitterRow, Medium, Node, Surroundings};

use super::{broken, parse};

/// A Rust struct as the device should see it.
struct Layout {
    /// Its name in WGSL.
    name: &'static str,
    size: usize,
    fields: Vec<(&'static str, usize)>,
}

macro_rules! layout {
    ($name:literal, $rust:ty: $($field:ident)*) => {
        Layout {
            name: $name,
            size: size_of::<$rust>(),
            fields: vec![$((stringify!($field), offset_of!($rust, $field))),*],
        }
    };
}

fn rust_layouts() -> Vec<Layout> {
    vec![
        layout!("Design", Design: first_medium slabs first_emitter emitters first_node pump_nodes first_row
            row_stride source_kind source_medium source_emitter cos_theta spot_kind spot_radius_um edge_kind
            half_width_um half_depth_um recycling_lost output_face first_count group_words first_chain
            first_histogram first_bin_nm spectrum_bins watched_emitter absorbers tracks_polarisation guides stratified),
        layout!("Medium", Medium: thickness_um channel_row scatterers first_emitter emitters emitter_channel face_kind face_reflectance
            packet_row packet_pump_cells packet_cells packet_layers packet_emitters packet_slot packet_first_emitter),
        layout!("EmitterRow", EmitterRow: plqy first_node nodes number dipole_row packet_face),
        layout!("Node", Node: threshold alias_node wavelength energy),
        layout!("Coefficients", Coefficients: n mu_t host_end absorb_end),
        layout!("Surroundings", Surroundings: n_front n_back guide_cos2 g),
        layout!("WorkRange", WorkRange: design first_low first_high start count),
        layout!("Job", JobHeader: seed first design start slots ranges rounds turns),
    ]
}

fn wgsl_struct<'a>(module: &'a naga::Module, name: &str) -> Option<(&'a [naga::StructMember], usize)> {
    module.types.iter().find_map(|(_, ty)| match &ty.inner {
        naga::TypeInner::Struct { members, span } if ty.name.as_deref() == Some(name) => {
            Some((members.as_slice(), *span as usize))
        }
        _ => None,
    })
}

fn differences(module: &naga::Module) -> Vec<String> {
    let mut found = Vec::new();
    for rust in rust_layouts() {
        let Some((members, span)) = wgsl_struct(module, rust.name) else {
            found.push(format!("{}: not in WGSL", rust.name));
            continue;
        };
        if span != rust.size {
            found.push(format!("{}: {span} bytes in WGSL, {} in Rust", rust.name, rust.size));
        }
        let name_of = |member: &naga::StructMember| member.name.clone().unwrap_or_default();
        for member in members.iter().filter(|member| rust.fields.iter().all(|(field, _)| *field != name_of(member))) {
            found.push(format!("{}.{}: not in Rust", rust.name, name_of(member)));
        }
        for (field, offset) in &rust.fields {
            match members.iter().find(|member| name_of(member) == *field) {
                None => found.push(format!("{}.{field}: not in WGSL", rust.name)),
                Some(member) if member.offset as usize != *offset => {
                    found.push(format!("{}.{field}: at {} in WGSL, at {offset} in Rust", rust.name, member.offset));
                }
                Some(_) => {}
            }
        }
    }
    let span = wgsl_struct(module, "Photon").map(|(_, span)| span as u64);
    if span != Some(PHOTON_BYTES) {
        found.push(format!("Photon: {span:?} bytes in WGSL, PHOTON_BYTES is {PHOTON_BYTES}"));
    }
    found
}

/// The fields of the photon stand in one order in both languages; only WGSL keeps its design there.
fn photon_differences(module: &naga::Module, rust: &str) -> Vec<String> {
    let start = rust.find("pub struct Photon {").expect("src/cpu/geometry.rs has the photon");
    let body = &rust[start..start + rust[start..].find("\n}").expect("the struct ends")];
    let fields = body.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": "));
    let rust: Vec<&str> = fields.map(|(name, _)| name).collect();
    let (members, _) = wgsl_struct(module, "Photon").expect("WGSL has the photon");
    let wgsl: Vec<_> = members.iter().filter_map(|m| m.name.as_deref()).filter(|name| *name != "design").collect();
    if rust == wgsl { Vec::new() } else { vec![format!("Photon: {wgsl:?} in WGSL, {rust:?} in Rust")] }
}

const RUST_GEOMETRY: &str = include_str!("../../src/cpu/geometry.rs");

#[test]
fn structs_lie_alike_in_both_languages() {
    assert_eq!(differences(&parse(&shader::source(U64::Pairs))), Vec::<String>::new());
}

#[test]
fn photon_has_the_same_fields_in_both_languages() {
    assert_eq!(photon_differences(&parse(&shader::source(U64::Pairs)), RUST_GEOMETRY), Vec::<String>::new());
}

#[test]
fn partner_layouts_see_swapped_added_renamed_and_widened_fields() {
    let text = shader::source(U64::Pairs);
    let found = |from: &str, to: &str| differences(&parse(&broken(&text, from, to)));
    let swapped = found("    slabs: u32,\n    first_emitter: u32,", "    first_emitter: u32,\n    slabs: u32,");
    assert_eq!(swapped.len(), 2, "{swapped:?}");
    let added = found("    turns: u32,\n", "    turns: u32,\n    extra: u32,\n    more: u32,\n");
    assert!(added.iter().any(|line| line.starts_with("Job.extra")), "{added:?}");
    assert!(added.iter().any(|line| line.starts_with("Job: 48 bytes")), "{added:?}");
    // a vec3 in place of a number moves all that follows it
    let widened = found("    tau: f32,", "    tau: f32,\n    memory: vec3<f32>,");
    assert!(widened.iter().any(|line| line.starts_with("Photon:")), "{widened:?}");
    let renamed = differences(&parse(&text.replace("plqy", "efficiency")));
    assert!(renamed.iter().any(|line| line == "EmitterRow.efficiency: not in Rust"), "{renamed:?}");
}

#[test]
fn partner_photon_comparison_sees_swapped_fields() {
    let from = "    absorptions: u32,\n    emissions: u32,";
    let text = broken(&shader::source(U64::Pairs), from, "    emissions: u32,\n    absorptions: u32,");
    assert_eq!(photon_differences(&parse(&text), RUST_GEOMETRY).len(), 1);
}
