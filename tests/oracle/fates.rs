//! Slabs and films whose fates are known from other programs.

use relume::counts::Fate::{self, *};
use relume::counts::Sum;
use relume::scene::{Edges, Layer, Scene};
use relume::spectrum::{Curve, Spectrum, Table};

use super::judge::{Part, share};
use super::scenes::*;
use super::{Case, photons_for};

/// Four decimals are given, good to 1e-4.
const TRUST: f64 = 1e-4 / 2.0;

pub fn cases() -> Vec<Case> {
    let front: Part = |s| (s.fates(&[ReflectedPump, FrontEmission]) - s.sum(Sum::FirstReflected), s.launched());
    let back: Part = |s| (s.fates(&[TransmittedPump, BackEmission]), s.launched());
    let edges: Part = |s| (s.fates(&[EdgePump, EdgeEmission]), s.launched());
    let first: Part = |s| (s.sum(Sum::FirstReflected), s.launched());
    let dye: Part = |s| (s.fates(&[Nonradiative]), s.launched());
    let host: Part = |s| (s.fates(&[HostPump, HostEmission]), s.launched());
    let checks = |numbers: [f64; 6]| {
        let parts = [
            ("first surface", first),
            ("front", front),
            ("back", back),
            ("edges", edges),
            ("dye", dye),
            ("host", host),
        ];
        parts.into_iter().zip(numbers).map(|((what, part), p)| share(what, part, p, TRUST)).collect()
    };
    let mut with_edges = stack(beam(555.0, 0.0), vec![dyed(0.0)]);
    with_edges.extent = extent(50.0, Edges::Open);
    let infinite = stack(beam(555.0, 0.0), vec![dyed(100.0)]);

    let mut gray = layer(1.5);
    gray.absorption_per_cm = Curve::Constant(0.1);
    gray.scatterers = vec![scatterer(100.0, 0.0)];
    let gray_checks = [(ReflectedPump, 0.74954), (TransmittedPump, 0.20478), (HostPump, 0.04568)];
    let gray_checks = gray_checks.map(|(fate, p)| share(fate.key(), part_of(fate), p, 1e-5)).into();

    vec![
        Case::new(
            "known_fates",
            "clear_with_edges",
            with_edges,
            photons_for(1.0),
            checks([0.0400, 0.1158, 0.2288, 0.2673, 0.0583, 0.2898]),
        ),
        Case::new(
            "known_fates",
            "white_infinite",
            infinite,
            photons_for(1.0),
            checks([0.0400, 0.6883, 0.1757, 0.0, 0.0550, 0.0409]),
        ),
        Case::new("known_fates", "gray", stack(beam(PUMP_NM, 0.0), vec![gray]), photons_for(1.0), gray_checks),
        Case::new(
            "known_fates",
            "hazy",
            hazy_film(),
            photons_for(1.0),
            vec![share("EQY", |s| (s.emission(), s.launched()), 0.9398, TRUST)],
        ),
    ]
}

fn part_of(fate: Fate) -> Part {
    match fate {
        ReflectedPump => |s| (s.fates(&[ReflectedPump]), s.launched()),
        TransmittedPump => |s| (s.fates(&[TransmittedPump]), s.launched()),
        _ => |s| (s.fates(&[HostPump]), s.launched()),
    }
}

/// 1 mm of index 1.5, host 0.1 /cm, a dye that absorbs 20 /cm up to 600 nm and emits evenly over 560 to 680 nm.
fn dyed(mu_s_per_cm: f64) -> Layer {
    let mut slab = layer(1.5);
    slab.absorption_per_cm = Curve::Constant(0.1);
    if mu_s_per_cm > 0.0 {
        slab.scatterers = vec![scatterer(mu_s_per_cm, 0.0)];
    }
    let box_nm = Table::new(vec![560.0, 680.0], vec![1.0, 1.0], false).expect("a table");
    let absorption = table(&[300.0, 600.0, 600.0, 900.0], &[20.0, 20.0, 0.0, 0.0]);
    slab.emitters = vec![emitter(0.95, absorption, Spectrum::Table(box_nm))];
    slab
}

/// The shipped scene of explicit numbers.
fn hazy_film() -> Scene {
    super::films::load("hazy_film", &[])
}
