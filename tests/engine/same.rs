//! The same photons on both engines, and on one engine however the work is cut.

use libtest_mimic::Trial;
use relume::counts::Counts;
use relume::cpu::run_range_plain;
use relume::engine::{Engine, Jobs, PhotonRange};
use relume::gpu::shader::U64;
use relume::gpu::{Features, GpuAdapter, GpuEngine, Settings};
use relume::scene::{Edges, Scene};
use relume::tables::Tables;
use relume::together::Together;

use super::common::scenes;
use super::common::trials::{anywhere, on_device, opened};
use super::run::*;
use super::{Opened, cpu};

const PHOTONS: u64 = 100_000;

/// All scenes, each many times over, so that a range is a design of its own with few photons in it: then
/// photons with another fate seldom make up for each other in the counts.
const PER_DESIGN: u64 = 64;
const MOST_BYTES: usize = 64 << 20;

fn split_scenes(scene: &Scene, photons: u64) -> (Tables, Vec<PhotonRange>) {
    // tables of packets are large: fewer designs then, of more photons each
    let fitting = (MOST_BYTES / tables(std::slice::from_ref(scene), false).bytes()).max(1);
    let designs = (photons / PER_DESIGN).min(fitting as u64);
    let tables = tables(&vec![scene.clone(); designs as usize], false);
    let each = photons / designs;
    let ranges = (0..designs).map(|i| range(i as u32, i * each, each)).collect();
    (tables, ranges)
}

/// Photons of a scene whose fate is another on the two engines, a lower bound that is near the number: each
/// group of a design holds two photons. Measured on Mesa's llvmpipe: 0 of 1e5 in every scene, since every
/// function has the same bits there. A device that contracts to FMA moves a photon by 1e-7 of its way, and
/// sends one in some 1e4 elsewhere (a random number that falls between two reflectances, two shares or two
/// sides of an edge).
fn other_share(gpu: &GpuEngine, scene: &Scene) -> f64 {
    let photons = 50_000 / PER_DESIGN * PER_DESIGN;
    let (tables, ranges) = split_scenes(scene, photons);
    let a = run(gpu, &tables, &ranges);
    let b = run(&cpu(), &tables, &ranges);
    let each = ranges[0].count;
    assert!(a.iter().chain(&b).all(|counts| counts.photons() == each), "the ledger is open");
    other_fates(&a, &b) as f64 / photons as f64
}

fn same_photons(gpu: &GpuEngine) {
    for (name, scene) in scenes::all() {
        let share = other_share(gpu, &scene);
        println!("{name}: {share:e} of the photons have another fate");
        assert!(share <= 1e-3, "{name}: {share:e} of the photons have another fate");
    }
}

/// A film's index off by 1 in 1,000 has to be seen.
fn partner_same_photons(gpu: &GpuEngine) {
    let (film, mut other) = (scenes::film(), scenes::film());
    other.layers[0].index = relume::spectrum::Curve::Constant(1.56 * 1.001);
    let photons = 50_000 / PER_DESIGN * PER_DESIGN;
    let (a, ranges) = split_scenes(&film, photons);
    let (b, _) = split_scenes(&other, photons);
    let share = other_fates(&run(gpu, &a, &ranges), &run(&cpu(), &b, &ranges)) as f64 / photons as f64;
    assert!(share > 1e-3, "{share:e}");
}

/// Tables of scenes whose photons start as points of a sequence.
fn stratified(scenes: &[Scene], detail: bool) -> Tables {
    let mut tables = tables(scenes, detail);
    tables.stratify();
    tables
}

/// Histograms and wide sums, whole: bit for bit on a software device, elsewhere within what one photon in a
/// thousand can change (some 30 words each, of which most hold many photons).
fn same_counts(gpu: &GpuEngine, tables: fn(&[Scene], bool) -> Tables) {
    let names_and_scenes = scenes::all();
    let scenes: Vec<_> = names_and_scenes.iter().map(|(_, scene)| scene.clone()).collect();
    let tables = tables(&scenes, true);
    let ranges: Vec<_> = (0..scenes.len() as u32).map(|design| range(design, 0, 20_000)).collect();
    let a = run(gpu, &tables, &ranges);
    let b = run(&cpu(), &tables, &ranges);
    let off = other_words(&a, &b);
    println!("{off} words differ");
    match gpu.device().kind {
        relume::engine::DeviceKind::Software => assert_eq!(off, 0, "words that differ"),
        _ => assert!(off as u64 <= 30 * 20_000 * scenes.len() as u64 / 1000, "{off} words differ"),
    }
    // partner: another seed
    let c = run_with(&cpu(), &tables, SEED + 1, &ranges, &Watch::stopping_at(u64::MAX));
    assert!(other_words(&a, &c) > 10_000);
}

/// The same with photons that start as points of a sequence, and one by one as side by side.
fn same_counts_stratified(gpu: &GpuEngine) {
    same_counts(gpu, stratified);
    for (name, scene) in scenes::all() {
        let (tables, range) = (stratified(std::slice::from_ref(&scene), true), range(0, 17, 3000));
        let plain = run_range_plain(&tables, SEED, range);
        assert_eq!(run(&cpu(), &tables, &[range])[0].words, plain, "{name}");
        // partner: not stratified
        assert_ne!(run(&cpu(), &self::tables(&[scene], true), &[range])[0].words, plain, "{name}");
    }
}

/// Another seed on the other engine agrees within 5 standard deviations.
fn other_seed(gpu: &GpuEngine) {
    for (name, scene) in scenes::all() {
        let tables = tables(std::slice::from_ref(&scene), false);
        let ranges = [range(0, 0, PHOTONS)];
        let a = run(gpu, &tables, &ranges);
        let b = run_with(&cpu(), &tables, 7, &ranges, &Watch::stopping_at(u64::MAX));
        assert_ne!(a[0].words, b[0].words, "{name}: another seed gave the same counts");
        let sigmas = sigmas(&a[0], &b[0]);
        assert!(sigmas < 5.0, "{name}: {sigmas} standard deviations");
    }
}

/// Partner: a film with 1 % less PLQY is not within 5.
fn partner_other_seed(gpu: &GpuEngine) {
    let mut other = scenes::film();
    other.layers[0].emitters[0].plqy *= 0.98;
    let ranges = [range(0, 0, PHOTONS)];
    let a = run(gpu, &tables(&[scenes::film()], false), &ranges);
    let b = run_with(&cpu(), &tables(&[other], false), 7, &ranges, &Watch::stopping_at(u64::MAX));
    assert!(sigmas(&a[0], &b[0]) > 5.0);
}

/// One engine's counts of the same photons, cut into ranges of odd sizes and shuffled.
fn split_or_whole(engine: &dyn Engine) {
    let tables = tables(&[scenes::two_emitters(), scenes::with_edges(Edges::Open)], true);
    let whole = run(engine, &tables, &[range(0, 5, 30_000), range(1, 0, 20_000)]);
    let mut ranges = Vec::new();
    for (design, mut first, end) in [(0, 5, 30_005), (1, 0, 20_000)] {
        let mut size = 1;
        while first < end {
            let count = size.min(end - first);
            ranges.push(range(design, first, count));
            first += count;
            size = size * 3 % 4001 + 1;
        }
    }
    ranges.push(range(1, 77, 0));
    ranges.reverse();
    ranges.rotate_left(11);
    let split = run(engine, &tables, &ranges);
    assert_eq!(split, whole);
    // partner: one photon more
    ranges.push(range(0, 30_005, 1));
    assert_ne!(run(engine, &tables, &ranges), whole);
}

/// A design's counts alone, and among 50 others.
fn alone_or_together(engine: &dyn Engine) {
    let own = scenes::two_emitters();
    // tables of packets are large: each once
    let (rays, packets): (Vec<_>, Vec<_>) =
        scenes::all().into_iter().map(|(_, scene)| scene).partition(|scene| scene.packets().is_empty());
    let mut many: Vec<_> = rays.into_iter().cycle().take(51 - packets.len()).chain(packets).collect();
    many[23] = own.clone();
    let ranges: Vec<_> = (0..51).map(|design| range(design, 0, if design == 23 { 10_000 } else { 1000 })).collect();
    let together = run(engine, &tables(&many, true), &ranges);
    let alone = run(engine, &tables(&[own], true), &[range(0, 0, 10_000)]);
    assert_eq!(together[23], alone[0]);
    // and any other of its kind has the same photons
    assert_ne!(together[2].words, alone[0].words);
    let first = run(engine, &tables(&many[2..3], true), &[range(0, 0, 1000)]);
    assert_eq!(together[2], first[0]);
}

/// Designs that differ in what no row of coefficients says share their rows, and count what they count alone.
fn shared_rows(engine: &dyn Engine) {
    let on_glass = |thickness_um| {
        let mut scene = scenes::film();
        scene.layers[1].thickness_um = thickness_um;
        scene
    };
    let all = [on_glass(1000.0), scenes::two_emitters(), on_glass(200.0), scenes::two_emitters(), on_glass(1000.0)];
    let together = tables(&all, true);
    let [film, other] = [0, 1].map(|number| tables(&all[number..=number], true));
    assert_eq!(together.coefficients.len(), film.coefficients.len() + other.coefficients.len());
    assert_eq!(together.nodes.len(), film.nodes.len() + other.nodes.len());
    let ranges = [0, 1, 2, 3, 4].map(|design| range(design, 0, 2000));
    let counts = run(engine, &together, &ranges);
    for (scene, own) in all.iter().zip(&counts) {
        assert_eq!(&run(engine, &tables(std::slice::from_ref(scene), true), &ranges[..1])[0], own);
    }
    assert_ne!(counts[0], counts[2]);
    // partner: a coefficient that differs in the last digit
    let mut denser = on_glass(1000.0);
    denser.layers[1].index = relume::spectrum::Curve::Constant(1.5 + f64::from(f32::EPSILON));
    let apart = tables(&[on_glass(1000.0), denser.clone(), on_glass(200.0), denser], true);
    assert_eq!(apart.coefficients.len(), 2 * film.coefficients.len());
    assert_eq!(apart.nodes.len(), film.nodes.len());
}

/// Rayon pools of 1, 2 and 3 threads.
fn any_number_of_threads() {
    let tables = tables(&[scenes::film(), scenes::slab()], true);
    let ranges = [range(0, 0, 40_000), range(1, 1 << 40, 20_000)];
    let on = |threads| -> Vec<Counts> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
        pool.install(|| run(&cpu(), &tables, &ranges))
    };
    let one = on(1);
    assert_eq!(on(2), one);
    assert_eq!(on(3), one);
    // partner: ranges elsewhere
    assert_ne!(run(&cpu(), &tables, &[range(0, 1, 40_000), ranges[1]]), one);
}

/// Indices beyond 2^32 are others than their low halves.
fn far_indices(gpu: &GpuEngine) {
    let tables = tables(&[scenes::slab()], false);
    let far = [range(0, (1 << 32) - 500, 1000)];
    let a = run(gpu, &tables, &far);
    // one in a thousand, where compilers round otherwise, and some for chance
    let most = if is_exact(gpu) { 0 } else { 5 };
    assert!(other_fates(&a, &run(&cpu(), &tables, &far)) <= most);
    assert_ne!(run(gpu, &tables, &[range(0, (1 << 33) - 500, 1000)]), a);
    // where the places of a group begin anew
    let (tables, far) = (stratified(&[scenes::slab()], false), [range(0, (1 << 37) - 500, 1000)]);
    let a = run(gpu, &tables, &far);
    assert!(other_fates(&a, &run(&cpu(), &tables, &far)) <= most);
    assert_ne!(run(gpu, &tables, &[range(0, (1 << 38) - 500, 1000)]), a);
}

/// Counts of all scenes, each as a job of its own, with and without detail.
fn all_counts(engine: &dyn Engine, photons: u64) -> Vec<Vec<Counts>> {
    let one = |(number, (_, scene)): (usize, (&str, Scene))| {
        let tables = tables(&[scene], number % 2 == 0);
        // from within a group, and two ranges
        run(engine, &tables, &[range(0, 7, photons / 3), range(0, 5000, photons)])
    };
    scenes::all().into_iter().enumerate().map(one).collect()
}

/// Opens the adapter with settings of its own.
fn engine_with(adapter: &GpuAdapter, settings: Settings) -> GpuEngine {
    pollster::block_on(GpuEngine::open_with(adapter, settings)).expect("the adapter opens")
}

/// An engine of one program for all jobs, so that its bits are the same in all, whatever its compiler does.
fn engine_of_one_program(adapter: &GpuAdapter) -> GpuEngine {
    engine_with(adapter, Settings { always: Features::ALL, ..Settings::default() })
}

/// Shaders compiled for what a job has count what those count that can do all, and 64-bit integers of the device's own
/// count what pairs of 32 bits count: to the bit on a software device, elsewhere but for one photon in a thousand.
fn compiled_otherwise(adapter: &GpuAdapter) {
    const PHOTONS: u64 = 3000;
    let engine = engine_with(adapter, Settings::default());
    let expected = all_counts(&engine, PHOTONS);
    let agrees = |settings: Settings, what: &str| {
        let counts = all_counts(&engine_with(adapter, settings), PHOTONS);
        if is_exact(&engine) {
            assert!(counts == expected, "{what} counts otherwise");
        }
        let other: u64 = counts.iter().zip(&expected).map(|(a, b)| other_fates(a, b)).sum();
        let photons = counts.iter().flatten().map(Counts::photons).sum::<u64>();
        assert!(1000 * other <= photons, "{what}: {other} of {photons} photons have another fate");
    };
    agrees(Settings { always: Features::ALL, ..Settings::default() }, "the plain program");
    for u64 in [U64::Pairs, U64::Native] {
        if u64 == U64::Pairs || adapter.has_u64() {
            agrees(Settings { u64: Some(u64), ..Settings::default() }, &format!("{u64:?}"));
        }
    }
}

/// Few lanes or many, and jobs that take turns with other numbers of them, count the same.
fn any_number_of_lanes(adapter: &GpuAdapter) {
    let tables = tables(&[scenes::film(), scenes::two_emitters()], false);
    // below and above the photons that are enough for more lanes
    let jobs = [1000, 50_000, 1001, 50_001].map(|photons| [range(0, photons, photons), range(1, 0, photons / 10)]);
    let counts = |workgroups: Option<[u32; 2]>| {
        let engine = engine_with(adapter, Settings { always: Features::ALL, workgroups, ..Settings::default() });
        let mut loaded = Jobs::new(&engine, &tables);
        let count = |ranges: &[PhotonRange; 2]| {
            let mut counts: Vec<_> = tables.layouts.iter().map(|layout| Counts::zero(*layout)).collect();
            let watch = Watch::stopping_at(u64::MAX);
            pollster::block_on(loaded.run(SEED, ranges, &mut counts, &watch)).expect("the engine runs");
            counts
        };
        jobs.iter().map(count).collect::<Vec<_>>()
    };
    let expected = counts(None);
    assert!(counts(Some([1, 1])) == expected && counts(Some([1, 40])) == expected);
    // partner: the jobs are not all alike
    assert!(expected[0] != expected[2] && expected[1] != expected[3]);
}

/// Each design of a job runs with what those need that are alike in what costs much, not with all that is in the job.
fn programs_by_design() {
    let scenes = [scenes::film(), scenes::two_emitters(), scenes::slab(), scenes::absorbers(None), scenes::led(None)];
    let by_design = Features::by_design(&tables(&scenes, false));
    let [film, two, slab, absorbers, led] = by_design[..] else { panic!("{} designs", by_design.len()) };
    assert_eq!(film, slab);
    assert!(film.emission && film.guides && film.many_ranges);
    assert!(!film.reflectors && !film.absorbing_faces && !film.packets && !film.dipoles);
    assert!(two.reflectors && !two.packets && absorbers.absorbing_faces && !absorbers.reflectors);
    assert!(led.packets && led.dipoles && !led.reflectors);
    // partner: tables of one design alone have what it has
    let alone = Features::by_design(&tables(&scenes[2..3], false))[0];
    assert!(!alone.emission && !alone.many_ranges && alone.scattering);
}

/// Scenes for each feature, in which photons end although it is left out.
fn scenes_with_features() -> Vec<(&'static str, Vec<Scene>)> {
    let one = |scene| vec![scene];
    let mut other = scenes::film();
    other.layers[0].index = relume::spectrum::Curve::Constant(1.7);
    // the plate in front, in which photons would start
    let mut turned = scenes::pumped_led();
    turned.layers.reverse();
    let mut on_plate = scenes::slab();
    on_plate.layers.push(scenes::layer(1.5, 1000.0, 0.5));
    vec![
        ("many_ranges", vec![scenes::film(), other]),
        // its photons would start along a face and never end
        ("internal_sources", Vec::new()),
        ("diffuse_sources", one(scenes::dense_front())),
        ("source_spectra", one(scenes::two_emitters())),
        ("spots", one(scenes::with_edges(Edges::Open))),
        ("edges", one(scenes::with_edges(Edges::Absorbing))),
        ("guides", one(scenes::film())),
        ("reflectors", one(scenes::two_emitters())),
        ("absorbing_faces", one(scenes::absorbers(None))),
        ("packets", one(scenes::packets(None))),
        ("polarisation", one(scenes::packets(None))),
        ("several_slabs", one(on_plate)),
        ("scattering", one(scenes::slab())),
        ("several_scatterers", one(scenes::two_emitters())),
        ("emission", one(scenes::clear(None))),
        ("bulk_emitters", one(scenes::film())),
        ("several_emitters", one(scenes::two_emitters())),
        ("mixed_emitters", one(scenes::two_emitters())),
        ("dipoles", one(turned)),
        ("chains", one(scenes::film())),
        ("histograms", one(scenes::film())),
        ("stratified", one(scenes::film())),
    ]
}

/// Partner: leaving any one feature out is seen where a scene has it.
fn partner_compiled_otherwise(adapter: &GpuAdapter) {
    let whole = engine_with(adapter, Settings::default());
    let cases = scenes_with_features();
    assert!(cases.iter().map(|(name, _)| name).eq(Features::NAMES), "a scene for each feature");
    for (name, scenes) in cases.into_iter().filter(|(_, scenes)| !scenes.is_empty()) {
        let never = Features::only(name).expect("its own name");
        let part = engine_with(adapter, Settings { never, ..Settings::default() });
        let tables = if name == "stratified" { stratified(&scenes, true) } else { tables(&scenes, true) };
        let ranges: Vec<_> = (0..scenes.len() as u32).map(|design| range(design, 0, 2000)).collect();
        assert!(run(&part, &tables, &ranges) != run(&whole, &tables, &ranges), "without {name} nothing changes");
    }
}

/// Two devices at once, and the processor twice, count what the processor counts alone.
fn together(adapter: &GpuAdapter) {
    let cpus = Together::new(vec![Box::new(cpu()), Box::new(cpu())]);
    let both = Together::new(vec![Box::new(engine_with(adapter, Settings::default())), Box::new(cpu())]);
    let tables = tables(&[scenes::two_emitters(), scenes::with_edges(Edges::Open)], true);
    let ranges = [range(0, 5, 300_000), range(1, 0, 7), range(1, 7, 200_000)];
    let alone = run(&cpu(), &tables, &ranges);
    assert_eq!(run(&cpus, &tables, &ranges), alone);
    let sum = run(&both, &tables, &ranges);
    assert_eq!([0, 1].map(|design: usize| sum[design].photons()), [300_000, 200_007]);
    if adapter.device.kind == relume::engine::DeviceKind::Software {
        assert_eq!(other_words(&sum, &alone), 0);
    }
    // partner: one photon less
    let fewer = [ranges[0], ranges[1], range(1, 7, 199_999)];
    assert_ne!(run(&cpus, &tables, &fewer), alone);
    // a stop reaches all, and what was under way ends
    let watch = Watch::stopping_at(1000);
    let long = [range(0, 0, 50_000_000)];
    let ended = run_with(&both, &tables, SEED, &long, &watch)[0].photons();
    assert!((1000..50_000_000).contains(&ended) && watch.last.into_inner() <= ended, "{ended}");
}

pub fn trials(gpu: &Opened) -> Vec<Trial> {
    let adapter = opened(|adapter| Ok(adapter.clone()));
    vec![
        on_device("together", &adapter, together),
        on_device("compiled_otherwise", &adapter, compiled_otherwise),
        on_device("any_number_of_lanes", &adapter, any_number_of_lanes),
        on_device("partner_compiled_otherwise", &adapter, partner_compiled_otherwise),
        on_device("same_photons", gpu, same_photons),
        on_device("partner_same_photons", gpu, partner_same_photons),
        on_device("same_counts", gpu, |gpu| same_counts(gpu, tables)),
        on_device("same_counts_stratified", gpu, same_counts_stratified),
        on_device("other_seed", gpu, other_seed),
        on_device("partner_other_seed", gpu, partner_other_seed),
        on_device("far_indices", gpu, far_indices),
        on_device("split_or_whole_gpu", gpu, |gpu| split_or_whole(gpu)),
        on_device("alone_or_together_gpu", &adapter, |adapter| alone_or_together(&engine_of_one_program(adapter))),
        on_device("shared_rows_gpu", &adapter, |adapter| shared_rows(&engine_of_one_program(adapter))),
        anywhere("programs_by_design", programs_by_design),
        anywhere("split_or_whole_cpu", || split_or_whole(&cpu())),
        anywhere("alone_or_together_cpu", || alone_or_together(&cpu())),
        anywhere("shared_rows_cpu", || shared_rows(&cpu())),
        anywhere("any_number_of_threads", any_number_of_threads),
    ]
}
