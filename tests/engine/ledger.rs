//! The ledger closes: when a run is stopped, and for scenes made to be awkward.

use libtest_mimic::Trial;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg32 as Rng;
use relume::counts::{Counts, Fate, GROUPS, Sum};
use relume::cpu::source::launch;
use relume::cpu::transport::{ALIVE, step};
use relume::cpu::{World, geometry::Photon, run_range_plain};
use relume::engine::Engine;
use relume::scene::*;
use relume::spectrum::{Curve, Spectrum};
use relume::tables::Tables;

use super::common::scenes;
use super::common::trials::{anywhere, on_device};
use super::run::*;
use super::{Opened, cpu};

/// What is wrong with counts that should add up.
fn open_ends(counts: &Counts) -> Vec<String> {
    let mut found = Vec::new();
    for group in 0..GROUPS {
        let fate = |fate| counts.fate(group, fate);
        let sum = |sum| counts.sum(group, sum);
        let mut check = |holds: bool, what: &str| {
            if !holds {
                found.push(format!("group {group}: {what}"));
            }
        };
        check(sum(Sum::FirstEmitted) <= sum(Sum::FirstAbsorbed), "more first emissions than first absorptions");
        check(sum(Sum::Emissions) + fate(Fate::Nonradiative) == sum(Sum::Absorptions), "absorptions");
        let lost = |absorbers: std::ops::Range<usize>| -> u64 {
            let word = |absorber, emission| counts.words[counts.layout.host(group, absorber, emission)];
            absorbers.map(|absorber| word(absorber, false) + word(absorber, true)).sum()
        };
        let slabs = counts.layout.slabs;
        let packets = lost(slabs..counts.layout.absorbers());
        check(packets == fate(Fate::PacketPump) + fate(Fate::PacketEmission), "losses by layers of packets");
        let hosts = lost(0..slabs);
        check(hosts == fate(Fate::HostPump) + fate(Fate::HostEmission), "losses by host");
        let out = fate(Fate::FrontEmission) + fate(Fate::BackEmission) + fate(Fate::EdgeEmission);
        let wavelengths = counts.wide_sum(group, Sum::WavelengthLow, Sum::WavelengthHigh);
        check(wavelengths >= 300 * 256 * out && wavelengths <= 1000 * 256 * out, "wavelengths");
        check(sum(Sum::FirstReflected) <= fate(Fate::ReflectedPump), "first reflections");
        check(counts.wide_sum(group, Sum::EventsLow, Sum::EventsHigh) >= counts.ended(group), "events");
    }
    found
}

/// A stopped run has ended some photons, and tells how they ended.
fn stopped(engine: &dyn Engine) {
    let tables = tables(&[scenes::film(), scenes::two_emitters()], true);
    let launched = enough_to_stop(engine, 3_000_000);
    let ranges = [range(0, 0, launched), range(1, 0, launched)];
    let watch = Watch::stopping_at(1000);
    let counts = run_with(engine, &tables, SEED, &ranges, &watch);
    let ended: u64 = counts.iter().map(Counts::photons).sum();
    assert!((1000..2 * launched).contains(&ended), "{ended} photons ended");
    for counts in &counts {
        assert_eq!(open_ends(counts), Vec::<String>::new());
        let histogram: u64 = Fate::ALL.iter().flat_map(|fate| (0..257).map(|n| counts.emissions(*fate, n))).sum();
        assert_eq!(histogram, counts.photons(), "the histogram of emissions has every photon once");
    }
}

/// A device takes the photons of each group in order, so those of a stopped run are the first ones of each group,
/// all of them: none was lost under way.
fn stopped_in_order(engine: &dyn Engine) {
    let tables = tables(&[scenes::film()], false);
    let launched = enough_to_stop(engine, 3_000_000);
    let [stopped] = &run_with(engine, &tables, SEED, &[range(0, 0, launched)], &Watch::stopping_at(1000))[..] else {
        panic!("one design has one block of counts")
    };
    let groups = |of: &Counts, number: u64| -> Vec<Vec<u64>> {
        let words = of.words.chunks(of.layout.group_words()).enumerate();
        words.filter(|(group, _)| stopped.ended(*group) == number).map(|(_, words)| words.to_vec()).collect()
    };
    for number in (0..GROUPS).map(|group| stopped.ended(group)).collect::<std::collections::BTreeSet<_>>() {
        assert!(GROUPS as u64 * number < launched);
        let first = &run(engine, &tables, &[range(0, 0, GROUPS as u64 * number)])[0];
        assert_eq!(groups(first, number), groups(stopped, number));
        // partner: one photon more in each group
        let more = &run(engine, &tables, &[range(0, 0, GROUPS as u64 * (number + 1))])[0];
        assert_ne!(groups(more, number), groups(stopped, number));
    }
}

fn partner_open_ends() {
    let tables = tables(&[scenes::film()], false);
    let counts = &run(&cpu(), &tables, &[range(0, 0, 10_000)])[0];
    assert!(open_ends(counts).is_empty());
    for word in [
        counts.layout.fate(3, Fate::Nonradiative),
        counts.layout.fate(31, Fate::HostPump),
        counts.layout.sum(0, Sum::Emissions),
    ] {
        let mut broken = counts.clone();
        broken.words[word] += 1;
        assert_eq!(open_ends(&broken).len(), 1);
    }
}

fn pick<T: Clone>(random: &mut Rng, all: &[T]) -> T {
    all[random.random_range(0..all.len())].clone()
}

fn random_outer(random: &mut Rng) -> Outer {
    let index = pick(random, &[1.0, 1.0, 1.3, 1.5, 2.2]);
    if random.random_ratio(1, 2) {
        return scenes::outer(index);
    }
    let kind = pick(random, &[ReflectorKind::Specular, ReflectorKind::Diffuse]);
    scenes::reflector(index, kind, pick(random, &[0.0, 0.5, 0.98, 1.0]), random.random())
}

/// A scene from the corners of what scenes can be: no absorption, PLQY 0 and 1, equal indices, grazing
/// beams, perfect and black reflectors on both sides, gaps.
fn random_scene(random: &mut Rng) -> Scene {
    let layers = random.random_range(1..5);
    let mut scene = scenes::scene((0..layers).map(|_| random_layer(random)).collect());
    scene.front = random_outer(random);
    scene.back = random_outer(random);
    scene.recycling = pick(random, &[Recycling::On, Recycling::Lost, Recycling::Transparent]);
    let spectrum = Spectrum::Line(450.0);
    scene.source.kind = match random.random_range(0..3) {
        0 => SourceKind::Lambertian { spectrum },
        _ => SourceKind::Beam { angle_deg: pick(random, &[0.0, 30.0, 89.9, 90.0]), spectrum },
    };
    let lit = scene.layers.iter().position(|layer| !layer.emitters.is_empty());
    if let (Some(layer), true) = (lit, random.random_ratio(1, 4)) {
        scene.source.kind = SourceKind::Internal { layer, emitter: 0 };
    }
    if random.random_ratio(1, 2) {
        let edges = pick(random, &[Edges::Open, Edges::Mirror, Edges::Absorbing]);
        let index = Curve::Constant(pick(random, &[1.0, 1.5]));
        scene.extent = Some(Extent { width_mm: pick(random, &[0.01, 1.0, 100.0]), depth_mm: 0.3, edges, index });
        scene.source.spot = pick(random, &[Spot::Point, Spot::Face, Spot::Disc { radius_mm: 0.005 }]);
    }
    scene
}

fn random_layer(random: &mut Rng) -> Layer {
    let index = pick(random, &[1.0, 1.3, 1.5, 1.5, 1.8, 2.4]);
    let absorption = pick(random, &[0.0, 0.0, 0.01, 10.0, 1e5]);
    // Light that a layer of 1 nm guides meets its faces some 1e9 times before a weak absorber takes it, and
    // is truncated: such layers are clear here.
    if random.random_ratio(1, 6) {
        return scenes::layer(index, 0.001, 0.0);
    }
    let mut layer = scenes::layer(index, pick(random, &[1.0, 50.0, 1000.0]), absorption);
    for _ in 0..random.random_range(0..3) {
        layer
            .scatterers
            .push(scenes::scatterer(pick(random, &[0.0, 1.0, 100.0]), pick(random, &[-0.9, 0.0, 0.6, 0.99])));
    }
    for _ in 0..random.random_range(0..3) {
        let peak_nm = pick(random, &[520.0, 640.0]);
        layer.emitters.push(scenes::emitter(
            "e",
            peak_nm,
            pick(random, &[0.0, 0.5, 1.0]),
            pick(random, &[0.0, 100.0, 2e4]),
        ));
    }
    layer
}

/// Whether a photon can go on for ever: nothing takes it, and nothing catches it.
fn endless(scene: &Scene) -> bool {
    let closed = |outer: &Outer| outer.reflector.is_some_and(|reflector| reflector.reflectance == 1.0);
    let edges = scene.extent.as_ref().is_none_or(|extent| extent.edges == Edges::Mirror);
    // a beam along the faces that goes to and fro between mirrors
    let along = matches!(scene.source.kind, SourceKind::Beam { angle_deg, .. } if angle_deg == 90.0);
    edges && (closed(&scene.front) && closed(&scene.back) || along && scene.extent.is_some())
}

/// What is wrong with a photon's state.
fn flaw(world: &World, photon: &Photon) -> Option<&'static str> {
    let (d, p) = (photon.direction, photon.position);
    let light = photon.excited == relume::tables::NONE && photon.fate == ALIVE;
    let design = &world.design;
    let outside = |at: f32, half: f32| design.edge_kind != 0 && at.abs() > half * (1.0 + 1e-5) + 1e-3;
    if !(p.is_finite() && d.is_finite() && photon.tau.is_finite() && photon.exit_cos.is_finite()) {
        Some("not a number")
    } else if light && (d.length() - 1.0).abs() > 1e-3 {
        Some("direction not of unit length")
    } else if light && photon.medium > design.slabs {
        Some("alive outside")
    } else if photon.tau < 0.0 {
        Some("negative depth left")
    } else if light && photon.unsettled == 0 && !(-1e-3..=photon.thickness_um * 1.0001 + 1e-3).contains(&p.z) {
        Some("outside its layer")
    } else if outside(p.x, design.half_width_um) || outside(p.y, design.half_depth_um) {
        Some("beyond the edges")
    } else {
        None
    }
}

/// Photons one turn at a time, each state looked at.
fn walk(tables: &Tables, design: usize, photons: u64) -> Result<(), String> {
    let world = World::new(tables, design, SEED);
    let mut words = vec![0; tables.layouts[design].words()];
    for index in 0..photons {
        let mut photon = launch(&world, index);
        for _ in 0..2000 {
            let before = photon.clone();
            step(&world, &mut words, &mut photon);
            if let Some(flaw) = flaw(&world, &photon) {
                return Err(format!("photon {index}: {flaw}: {photon:?} after {before:?}"));
            }
            if photon.fate != ALIVE {
                break;
            }
        }
    }
    Ok(())
}

const SCENES: usize = 200;

fn adversarial() {
    // another number makes other scenes
    let seed = std::env::var("RELUME_SCENES_SEED").map_or(99, |seed| seed.parse().expect("a whole number"));
    let mut random = Rng::seed_from_u64(seed);
    let mut scenes = Vec::new();
    while scenes.len() < SCENES {
        let scene = random_scene(&mut random);
        if !endless(&scene) {
            scenes.push(scene);
        }
    }
    let tables = tables(&scenes, true);
    for (design, scene) in scenes.iter().enumerate() {
        walk(&tables, design, 100).unwrap_or_else(|flaw| panic!("design {design}: {flaw}\n{scene:#?}"));
    }
    let ranges: Vec<_> = (0..SCENES as u32).map(|design| range(design, 0, 500)).collect();
    let start = std::time::Instant::now();
    let counts = run(&cpu(), &tables, &ranges);
    let events: u64 = counts
        .iter()
        .flat_map(|counts| (0..GROUPS).map(|group| counts.wide_sum(group, Sum::EventsLow, Sum::EventsHigh)))
        .sum();
    println!("{events} events in {:.1} s", start.elapsed().as_secs_f64());
    for (design, counts) in counts.iter().enumerate() {
        assert_eq!(counts.photons(), 500, "design {design}");
        assert_eq!(open_ends(counts), Vec::<String>::new(), "design {design}");
        assert_eq!(counts.fate_total(Fate::Truncated), 0, "design {design}: {:#?}", scenes[design]);
        // the loop over many photons at once lives the same lives as the plain one
        let plain = run_range_plain(&tables, SEED, ranges[design]);
        assert_eq!(counts.words, plain, "design {design}: {:#?}", scenes[design]);
    }
}

/// A state with a direction that is no number is seen.
fn partner_adversarial() {
    let tables = tables(&[scenes::film()], false);
    let world = World::new(&tables, 0, SEED);
    let mut photon = launch(&world, 0);
    assert_eq!(flaw(&world, &photon), None);
    photon.direction.x = f32::NAN;
    assert_eq!(flaw(&world, &photon), Some("not a number"));
    photon.direction.x = 0.3;
    assert_eq!(flaw(&world, &photon), Some("direction not of unit length"));
}

/// Light caught in a gap without thickness goes along it to the edges. It once went to and fro there until
/// the event limit. Of a lambertian source in a gap of index 2 the film of index 1.56 takes no more than
/// (1.56 / 2)^2; the rest, 39 %, is guided, from the centre of the gap or anywhere.
fn guided_in_a_gap() {
    let scene = scenes::guiding_gap(Edges::Absorbing);
    let tables = tables(&[scene], false);
    let counts = &run(&cpu(), &tables, &[range(0, 0, 50_000)])[0];
    assert_eq!(counts.fate_total(Fate::Truncated), 0);
    let share = counts.fate_total(Fate::EdgeAbsorbedPump) as f64 / 50_000.0;
    let guided = 1.0 - (1.56f64 / 2.0).powi(2);
    // 5 standard deviations, and what a film of 1.56 lets through to its own edges
    assert!(share > guided - 0.011 && share < guided + 0.05, "{share}, of which {guided} in the gap");
}

pub fn trials(gpu: &Opened) -> Vec<Trial> {
    vec![
        anywhere("adversarial", adversarial),
        anywhere("partner_adversarial", partner_adversarial),
        anywhere("guided_in_a_gap", guided_in_a_gap),
        anywhere("partner_open_ends", partner_open_ends),
        anywhere("stopped_cpu", || stopped(&cpu())),
        on_device("stopped_gpu", gpu, |gpu| stopped(gpu)),
        on_device("stopped_in_order_gpu", gpu, |gpu| stopped_in_order(gpu)),
    ]
}
