//! The named scenes and what is known of them.

use super::known::Known;
use crate::counts::Fate::{
    BackEmission, EdgeEmission, EdgePump, FrontEmission, Guided, HostEmission, HostPump, Nonradiative, PacketEmission,
    Plasmon, ReflectedPump, TransmittedPump,
};
use crate::counts::Sum::FirstReflected;

/// A scene of the benchmark.
#[derive(Debug, Clone, Copy)]
pub struct BenchScene {
    pub key: &'static str,
    /// A few words for a reader of the result.
    pub what: &'static str,
    pub work: Work,
    /// Photons per second of the reference, where there is one; see [`REFERENCE`].
    pub reference_per_s: Option<f64>,
}

/// What is run.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// One design: its scene file, the quantity whose error is timed, and the known shares.
    One { text: &'static str, quantity: &'static str, known: &'static [Known] },
    /// Many designs of one film in one job.
    Sweep,
}

/// Where the rates of the score come from. They are fixed, so that scores stay comparable.
pub const REFERENCE: &str = "reference 1: two cores of an Intel Xeon, 2 threads; M1, M3, film: a plain f64 analog loop; \
A, C: pvtrace 3, compiled";

/// All scenes, in the order in which they run.
pub static SCENES: [BenchScene; 7] = [
    BenchScene {
        key: "M1",
        what: "matched slab that scatters forward",
        work: Work::One {
            text: include_str!("../../scenes/bench/m1.toml"),
            quantity: "reflected_pump",
            known: &[reflected(0.09739), transmitted(0.66096)],
        },
        reference_per_s: Some(19e6),
    },
    BenchScene {
        key: "M3",
        what: "white slab of index 1.5",
        work: Work::One {
            text: include_str!("../../scenes/bench/m3.toml"),
            quantity: "reflected_pump",
            known: &[reflected(0.74954), transmitted(0.20478), host(0.04568)],
        },
        reference_per_s: Some(1.3e6),
    },
    BenchScene {
        key: "film",
        what: "hazy luminescent film, 50 um",
        work: Work::One {
            text: include_str!("../../scenes/hazy_film.toml"),
            quantity: "eqy",
            known: &[Known {
                what: "EQY",
                photons: |t| t.fates(&[FrontEmission, BackEmission, EdgeEmission]),
                share: 0.9398,
            }],
        },
        reference_per_s: Some(2.9e6),
    },
    BenchScene {
        key: "A",
        what: "luminescent slab with edges",
        work: Work::One {
            text: include_str!("../../scenes/bench/a.toml"),
            quantity: "eqy",
            known: &[
                first_surface(0.0400),
                top(0.1158),
                bottom(0.2288),
                Known { what: "edges", photons: |t| t.fates(&[EdgePump, EdgeEmission]), share: 0.2673 },
                dye(0.0583),
                host(0.2898),
            ],
        },
        reference_per_s: Some(1.33e6),
    },
    BenchScene {
        key: "C",
        what: "luminescent slab that scatters",
        work: Work::One {
            text: include_str!("../../scenes/bench/c.toml"),
            quantity: "eqy",
            known: &[first_surface(0.0400), top(0.6883), bottom(0.1757), dye(0.0550), host(0.0409)],
        },
        reference_per_s: Some(0.38e6),
    },
    BenchScene {
        key: "LED",
        what: "light-emitting stack on glass",
        work: Work::One {
            text: include_str!("../../scenes/bench/led.toml"),
            quantity: "eqe_bound",
            known: &[
                Known { what: "air", photons: |t| t.fate(BackEmission), share: 0.2589 },
                Known { what: "guided", photons: |t| t.fate(Guided), share: 0.3682 },
                Known { what: "plasmon", photons: |t| t.fate(Plasmon), share: 0.0207 },
                Known { what: "absorbed", photons: |t| t.fate(PacketEmission), share: 0.3522 },
            ],
        },
        reference_per_s: None,
    },
    BenchScene { key: "sweep", what: "2,000 films, few photons each", work: Work::Sweep, reference_per_s: None },
];

const fn reflected(share: f64) -> Known {
    Known { what: "reflected", photons: |t| t.fate(ReflectedPump), share }
}

const fn transmitted(share: f64) -> Known {
    Known { what: "transmitted", photons: |t| t.fate(TransmittedPump), share }
}

const fn first_surface(share: f64) -> Known {
    Known { what: "first surface", photons: |t| t.sum(FirstReflected), share }
}

/// Pump and emission together, without what the first surface threw back.
const fn top(share: f64) -> Known {
    let photons = |t: &crate::outcome::Tally| t.fates(&[ReflectedPump, FrontEmission]) - t.sum(FirstReflected);
    Known { what: "top", photons, share }
}

const fn bottom(share: f64) -> Known {
    Known { what: "bottom", photons: |t| t.fates(&[TransmittedPump, BackEmission]), share }
}

const fn dye(share: f64) -> Known {
    Known { what: "dye", photons: |t| t.fate(Nonradiative), share }
}

const fn host(share: f64) -> Known {
    Known { what: "host", photons: |t| t.fates(&[HostPump, HostEmission]), share }
}
