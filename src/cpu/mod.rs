//! The CPU engine: the same photons as the GPU's, on all cores. Every file beside this one but `lanes` has its
//! twin in `shaders/`, with the same functions in the same order.

pub mod dipole;
pub mod fresnel;
pub mod geometry;
mod lanes;
pub mod medium;
pub mod packet;
pub mod rng;
pub mod sampling;
pub mod source;
pub mod tally;
pub mod transport;

use std::sync::Mutex;

use lanes::supply::Supply;
use rayon::prelude::*;

use crate::counts::Counts;
use crate::engine::{DeviceInfo, DeviceKind, Engine, EngineError, EngineFuture, Job, Monitor, PhotonRange};
use crate::tables::{Design, EmitterRow, Medium, NONE, Node, Tables};

/// One design's tables, as the twins read them.
#[derive(Debug, Clone)]
pub struct World<'a> {
    pub seed: u64,
    /// A copy whose counts start at word 0.
    pub design: Design,
    /// The design's own media, first the front.
    pub media: &'a [Medium],
    /// All emitters, nodes and coefficient rows; the design's rows say which are its own.
    pub emitters: &'a [EmitterRow],
    pub nodes: &'a [Node],
    pub coefficient_rows: &'a [[f32; 4]],
}

impl<'a> World<'a> {
    pub fn new(tables: &'a Tables, design: usize, seed: u64) -> Self {
        let mut own = tables.designs[design];
        let first = own.first_medium as usize;
        for block in [&mut own.first_chain, &mut own.first_histogram] {
            if *block != NONE {
                *block -= own.first_count;
            }
        }
        own.first_count = 0;
        Self {
            seed,
            design: own,
            media: &tables.media[first..first + own.slabs as usize + 3],
            emitters: &tables.emitters,
            nodes: &tables.nodes,
            coefficient_rows: &tables.coefficients,
        }
    }
}

/// Runs photons on the threads of the current rayon pool.
#[derive(Debug)]
pub struct CpuEngine {
    device: DeviceInfo,
}

impl CpuEngine {
    /// `name` is what to call this processor in results.
    pub fn new(name: impl Into<String>) -> Self {
        Self { device: DeviceInfo { name: name.into(), backend: "cpu".into(), kind: DeviceKind::Cpu } }
    }

    fn run_now(&self, job: Job, counts: &mut [Counts], monitor: &dyn Monitor) -> Result<(), EngineError> {
        let counts: Vec<_> = counts.iter_mut().map(Mutex::new).collect();
        let threads = rayon::current_num_threads();
        let supply = Supply::new(job.ranges, threads, monitor);
        let work = |_| {
            while let Some(mut hold) = supply.hold() {
                let design = hold.design();
                let words = lanes::run(job.tables, job.seed, design, &mut |under_way| hold.next(under_way));
                counts[design as usize].lock().expect("no thread panics while it adds").add(&words);
                hold.tell(0);
            }
        };
        (0..threads).into_par_iter().with_max_len(1).for_each(work);
        Ok(())
    }
}

impl Engine for CpuEngine {
    fn device(&self) -> &DeviceInfo {
        &self.device
    }

    fn run<'a>(&'a self, job: Job<'a>, counts: &'a mut [Counts], monitor: &'a dyn Monitor) -> EngineFuture<'a> {
        Box::pin(async move { self.run_now(job, counts, monitor) })
    }
}

/// Runs consecutive photons of one design one after the other: the plain loop, which the engine's own
/// must match to the bit.
pub fn run_range_plain(tables: &Tables, seed: u64, range: PhotonRange) -> Vec<u64> {
    let world = World::new(tables, range.design as usize, seed);
    let mut words = vec![0; tables.layouts[range.design as usize].words()];
    for index in range.first..range.first + range.count {
        let mut photon = source::launch(&world, index);
        while photon.fate == transport::ALIVE {
            transport::step(&world, &mut words, &mut photon);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::compile;
    use crate::scene::{self, Scene};

    /// Consecutive photons, handed out 64 at a time.
    fn run_range(tables: &Tables, seed: u64, range: PhotonRange) -> Vec<u64> {
        let (mut next, end) = (range.first, range.first + range.count);
        lanes::run(tables, seed, range.design, &mut |_| {
            let piece = next..end.min(next + 64);
            next = piece.end;
            piece
        })
    }

    /// Sources that no shipped scene has: each way in which launching side by side differs.
    const SOURCES: [(&str, &[(&str, &str)]); 12] = [
        ("bench/m1", &[("source.kind", "lambertian")]),
        ("bench/m1", &[("source.spectrum", "{ peak_nm = 500.0, fwhm_nm = 20.0 }"), ("source.angle_deg", "60.0")]),
        ("bench/m3", &[("source.spot", "{ radius_mm = 1.0 }")]),
        ("bench/a", &[("source.spot", "face"), ("polarisation", "track"), ("source.angle_deg", "50.0")]),
        ("bench/m3", &[("source.kind", "lambertian"), ("polarisation", "track")]),
        ("bench/m3", &[("front.index", "2.0"), ("source.angle_deg", "70.0"), ("source.spot", "{ radius_mm = 1.0 }")]),
        ("bench/m3", &[("front.index", "2.0"), ("source.kind", "lambertian"), ("source.spot", "{ radius_mm = 1.0 }")]),
        ("bench/m3", &[("front.reflector.kind", "diffuse"), ("front.reflector.reflectance", "0.9")]),
        ("ar_coated_glass", &[("source.kind", "lambertian")]),
        ("hs_mapbbr3_film", &[DENSE, ("source.angle_deg", "50.0")]),
        ("hs_mapbbr3_film", &[DENSE, ("front.index", "2.5"), ("source.angle_deg", "70.0")]),
        ("hs_mapbbr3_film", &[DENSE, ("polarisation", "track"), ("source.angle_deg", "50.0")]),
    ];
    /// So that its faces are those of an absorber.
    const DENSE: (&str, &str) = ("layer.film.emitter.mapbbr3_hs.concentration_wt_pct", "40");

    /// Every scene that is shipped and has photons, and those sources.
    fn scenes() -> Vec<(String, Scene)> {
        let load = |path: &std::path::Path, settings: &[(&str, &str)]| {
            let settings: Vec<_> = settings.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
            (format!("{} {settings:?}", path.display()), scene::load(path, &settings).expect("a scene").scene)
        };
        let files =
            ["scenes", "scenes/bench"].into_iter().flat_map(|folder| std::fs::read_dir(folder).expect("scenes"));
        let paths = files.map(|file| file.expect("a file").path());
        let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
        let mut all: Vec<_> = paths.map(|path| load(&path, &[])).collect();
        assert!(all.len() > 15);
        all.extend(SOURCES.iter().map(|(name, settings)| load(format!("scenes/{name}.toml").as_ref(), settings)));
        all.into_iter().filter(|(_, scene)| scene.transportable().is_ok()).collect()
    }

    #[test]
    fn side_by_side_is_one_by_one() {
        for (name, scene) in scenes() {
            let tables = compile([&scene], true);
            for count in [1, 10, 30, 63, 64, 3000] {
                let range = PhotonRange { design: 0, first: 17, count };
                assert_eq!(run_range(&tables, 3, range), run_range_plain(&tables, 3, range), "{name}, {count}");
            }
        }
    }
    /// A photon more, or another seed, is seen.
    #[test]
    fn partner_side_by_side_is_one_by_one() {
        for (name, scene) in scenes() {
            let tables = compile([&scene], true);
            let range = PhotonRange { design: 0, first: 17, count: 1000 };
            let plain = run_range_plain(&tables, 3, range);
            assert_ne!(run_range(&tables, 4, range), plain, "{name}");
            assert_ne!(run_range(&tables, 3, PhotonRange { first: 18, ..range }), plain, "{name}");
        }
    }
    /// Light that nothing takes is given up after the same number of events.
    #[test]
    #[ignore = "takes a minute: ten million events a photon"]
    fn endless_lives_end_side_by_side_as_one_by_one() {
        let reflector = |side| format!("[{side}]\nreflector = {{ kind = \"diffuse\", reflectance = 1.0 }}\n");
        let slab = "[[layer]]\nname = \"slab\"\nthickness_um = 10.0\nindex = 1.5\n\
                    scattering = { mu_s_per_cm = 100.0, g = 0.0 }\n";
        let source = "[source]\nkind = \"beam\"\nwavelength_nm = 500.0\n";
        let text = format!("schema = 1\n{source}{}{}{slab}", reflector("front"), reflector("back"));
        let scene = scene::parse(&text, "endless", std::path::Path::new(""), &[]).expect("a scene").scene;
        let tables = compile([&scene], false);
        let range = PhotonRange { design: 0, first: 0, count: 16 };
        let plain = run_range_plain(&tables, 3, range);
        assert_eq!(plain[crate::counts::Fate::Truncated as usize], 1, "of group 0");
        assert_eq!(run_range(&tables, 3, range), plain);
    }
}
