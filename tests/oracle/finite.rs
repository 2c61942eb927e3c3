//! Side edges.

use relume::counts::Counts;
use relume::counts::Fate::{self, BackEmission, EdgeEmission, FrontEmission, ReflectedPump, TransmittedPump, Trapped};
use relume::scene::{Edges, Extent, Scene};

use super::judge::{Judgement, Sums, share, share_sigma};
use super::scenes::*;
use super::{Case, Joint, photons_for};

pub fn cases() -> Vec<Case> {
    let boxes =
        [("cube_n1.5", 1.0, 1.5), ("plate_n1.5", 20.0, 1.5), ("cube_n1.8", 1.0, 1.8), ("plate_n1.8", 20.0, 1.8)];
    let mut cases: Vec<_> = boxes.map(|(name, width_mm, n)| clear_box(name, width_mm, n)).into();
    let films = [
        ("infinite", None),
        ("mirror_edges", extent(1.0, Edges::Mirror)),
        ("wide_open_edges", extent(1000.0, Edges::Open)),
        ("narrow_open_edges", extent(1.0, Edges::Open)),
    ];
    cases.extend(films.map(|(name, extent)| Case::new("edges", name, film(extent), photons_for(0.8), vec![])));
    cases
}

pub fn joints() -> Vec<Joint> {
    vec![
        Joint { name: "mirror_edges", of: ["edges/mirror_edges", "edges/infinite"], judge: same_faces },
        Joint { name: "wide_open_edges", of: ["edges/wide_open_edges", "edges/infinite"], judge: same_faces },
    ]
}

/// Two cases of which a joint must see the difference.
pub fn unlike() -> Joint {
    Joint { name: "narrow_open_edges", of: ["edges/narrow_open_edges", "edges/infinite"], judge: same_faces }
}

/// Isotropic emission in a clear cuboid in air. A ray keeps the sizes of its three direction cosines, so it leaves by
/// a pair of faces if it lies in their escape cones, and the six cones do not overlap for n >= sqrt(2): each face
/// gets one cone, whatever the shape, and the rest is trapped.
fn clear_box(name: &str, width_mm: f64, n: f64) -> Case {
    let cone = 0.5 * (1.0 - (1.0 - 1.0 / (n * n)).sqrt());
    let mut slab = layer(n);
    slab.emitters = vec![clear_emitter()];
    let mut scene = stack(internal(0), vec![slab]);
    scene.extent = extent(width_mm, Edges::Open);
    let checks = vec![
        share("front", |s| (s.fates(&[FrontEmission]), s.launched()), cone, 1e-7),
        share("back", |s| (s.fates(&[BackEmission]), s.launched()), cone, 1e-7),
        share("edges", |s| (s.fates(&[EdgeEmission]), s.launched()), 4.0 * cone, 1e-7),
        share("trapped", |s| (s.fates(&[Trapped]), s.launched()), 1.0 - 6.0 * cone, 1e-7),
    ];
    Case::new("clear_box", name, scene, photons_for(1.0), checks)
}

/// A film with haze and recycling.
fn film(extent: Option<Extent>) -> Scene {
    let mut film = layer(1.5);
    film.scatterers = vec![scatterer(20.0, 0.5)];
    film.emitters = vec![emitter(0.9, edge(20.0, 10.0), gaussian())];
    let mut scene = stack(beam(PUMP_NM, 0.0), vec![film]);
    scene.extent = extent;
    scene
}

/// The same light by the same faces. Both run the same random numbers, which makes the difference smaller than the
/// two errors say.
fn same_faces(here: &Counts, there: &Counts) -> Vec<Judgement> {
    let fates = [ReflectedPump, TransmittedPump, FrontEmission, BackEmission, Fate::Nonradiative];
    let share_of = |counts: &Counts, fate| {
        let share = Sums::of(counts).fates(&[fate]) as f64 / counts.photons() as f64;
        (share, share_sigma(share, counts.photons()))
    };
    let judge = |fate: Fate| Judgement::new(fate.key(), share_of(here, fate), share_of(there, fate));
    fates.map(judge).into()
}
