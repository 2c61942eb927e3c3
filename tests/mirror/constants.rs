//! Every WGSL constant has the value of its Rust twin.

use std::collections::BTreeMap;

use relume::counts::{self, Fate, Sum};
use relume::cpu::{geometry, medium, sampling, tally, transport};
use relume::gpu::shader::{self, U64};
use relume::tables;

use super::{broken, parse};

/// Sums in WGSL that are kept in two words name the low one; Rust names both.
const SUMS: [Sum; Sum::COUNT] = [
    Sum::FirstReflected,
    Sum::FirstAbsorbed,
    Sum::Absorptions,
    Sum::FirstEmitted,
    Sum::Emissions,
    Sum::EventsLow,
    Sum::EventsHigh,
    Sum::WavelengthLow,
    Sum::WavelengthHigh,
    Sum::OutputEnergyLow,
    Sum::OutputEnergyHigh,
];

fn rust_constants() -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for fate in Fate::ALL {
        all.insert(format!("FATE_{}", fate.key().to_uppercase()), fate as u32 as f64);
    }
    for sum in SUMS {
        all.insert(format!("SUM_{}", upper_snake(&format!("{sum:?}"))), sum as u32 as f64);
    }
    macro_rules! add {
        ($module:ident: $($name:ident)*) => { $(all.insert(stringify!($name).into(), $module::$name as f64);)* };
    }
    add!(tables: NONE SOURCE_BEAM SOURCE_LAMBERTIAN SOURCE_INTERNAL SPOT_POINT SPOT_DISC SPOT_FACE FACE_FRESNEL
        FACE_SPECULAR FACE_DIFFUSE FACE_ABSORBING FACE_PACKET PACKET_REGIONS PACKET_TOTAL DIPOLE_CELLS DIPOLE_WAY_ROWS EDGE_NONE EDGE_OPEN EDGE_MIRROR EDGE_ABSORBING FOLDED_DEPTH WAVELENGTH_UNIT_UM SEVERAL STRAIGHT);
    add!(counts: GROUPS ANGLE_BINS RADIUS_BINS EMISSION_BINS DEPTH_BINS RADIUS_FIRST_OCTAVE);
    add!(tally: FATE_COUNT SUM_COUNT FACE_FRONT FACE_BACK FACE_EDGE DEPTH_EMITTERS DEPTH_HOST DEPTH_KIND_COUNT);
    add!(geometry: SIDE_UP SIDE_DOWN SIDE_X SIDE_Y SIDE_NONE GRAZING GUIDED_PASSES);
    add!(medium: UNKNOWN SMALL_PLQY);
    add!(sampling: LN_2 BELOW_ONE PI);
    add!(transport: ALIVE EVENT_LIMIT TOTAL);
    add!(shader: COUNT_NEXT COUNT_ENDED COUNT_BUSY COUNT_FLOWN COUNT_SERVED);
    all
}

/// Constants of WGSL alone, with the reason.
const WGSL_ALONE: [&str; 1] = [
    // a lane without a photon; on the CPU a thread ends instead
    "NO_MORE",
];

fn upper_snake(camel: &str) -> String {
    let mut out = String::new();
    for (i, letter) in camel.chars().enumerate() {
        if letter.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out
}

fn literal(module: &naga::Module, constant: &naga::Constant) -> Option<f64> {
    match module.global_expressions[constant.init] {
        naga::Expression::Literal(naga::Literal::F32(value)) => Some(value as f64),
        naga::Expression::Literal(naga::Literal::U32(value)) => Some(value as f64),
        naga::Expression::Literal(naga::Literal::I32(value)) => Some(value as f64),
        _ => None,
    }
}

fn differences(module: &naga::Module) -> Vec<String> {
    let rust = rust_constants();
    let mut found = Vec::new();
    for (_, constant) in module.constants.iter() {
        let Some(name) = constant.name.as_deref() else { continue };
        if WGSL_ALONE.contains(&name) {
            continue;
        }
        match (literal(module, constant), rust.get(name)) {
            (_, None) => found.push(format!("{name}: not known to this test")),
            (None, _) => found.push(format!("{name}: not a plain number")),
            (Some(wgsl), Some(rust)) if wgsl != *rust => found.push(format!("{name}: {wgsl} in WGSL, {rust} in Rust")),
            _ => {}
        }
    }
    for entry in &module.entry_points {
        if entry.workgroup_size != [shader::WORKGROUP, 1, 1] {
            found.push(format!("{}: workgroups of {:?}", entry.name, entry.workgroup_size));
        }
    }
    found
}

#[test]
fn constants_agree() {
    let module = parse(&shader::source(U64::Pairs));
    assert!(module.constants.len() >= 60, "only {} constants were read", module.constants.len());
    assert_eq!(differences(&module), Vec::<String>::new());
}

#[test]
fn partner_constants_see_changed_and_unknown_ones() {
    let text = shader::source(U64::Pairs);
    for (from, to, expected) in [
        ("const FATE_TRAPPED: u32 = 17u;", "const FATE_TRAPPED: u32 = 16u;", "FATE_TRAPPED: 16"),
        ("const LN_2: f32 = 0.6931471805599453;", "const LN_2: f32 = 0.69314;", "LN_2"),
        ("const RADIUS_FIRST_OCTAVE: i32 = -4;", "const RADIUS_FIRST_OCTAVE: i32 = 4;", "RADIUS_FIRST_OCTAVE"),
        ("const SIDE_Y: u32 = 3u;", "const SIDE_Y: u32 = 3u; const SIDE_Z: u32 = 4u;", "SIDE_Z"),
        ("@workgroup_size(64)", "@workgroup_size(32)", "run_lanes"),
    ] {
        let found = differences(&parse(&broken(&text, from, to)));
        assert!(found.len() == 1 && found[0].starts_with(expected), "{from}: {found:?}");
    }
}
