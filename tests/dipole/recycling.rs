//! An emitter that absorbs its own light, in glass without end: nothing comes back, and
//! `EQE = eta p_out / (1 - eta p_a)` holds exactly at one wavelength and one place.

use num_complex::Complex64;
use relume::counts::Fate;
use relume::engine::Engine;
use relume::optics::dipole::{Outer, Side, effective_plqy};
use relume::scene::{Recycling, Scene};
use relume::spectrum::Curve;

use super::cases::{Case, named};
use super::{SIGMAS, deviation, run};

const PLQY: f64 = 0.9;
const K: f64 = 0.03;

fn absorbing() -> (Case, Scene) {
    let mut case = named("LED530_n2.1_0.5_iso");
    let emitter = case.stack.emitter;
    case.stack.layers[emitter].index += Complex64::new(0.0, K);
    case.stack.back = Outer::endless(case.stack.back.index);
    let mut scene = case.scene();
    scene.layers[emitter].emitters[0].plqy = PLQY;
    scene.back.index = Curve::Constant(case.stack.back.index.re);
    (case, scene)
}

/// EQE with recycling, with reabsorbed light lost, and with an emitter that does not absorb.
fn expected(case: &Case) -> [f64; 3] {
    let (position, _) = case.zone[0];
    let spacer_nm = 5.0;
    let recycling = case.stack.recycling(position, case.horizontal, spacer_nm).expect("a dipole");
    let eta = effective_plqy(PLQY, recycling.purcell);
    let powers = case.stack.dipole(position).expect("a dipole").powers().mix(case.horizontal).fractions();
    [
        recycling.yield_by(Side::Back, PLQY, false),
        eta * recycling.p_out[Side::Back as usize],
        eta * powers.radiated[Side::Back as usize],
    ]
}

const ALL: [Recycling; 3] = [Recycling::On, Recycling::Lost, Recycling::Transparent];

fn deviations(engine: &dyn Engine, photons: u64, expected: [f64; 3]) -> Vec<f64> {
    let one = |(recycling, expected): (Recycling, f64)| {
        let scene = Scene { recycling, ..absorbing().1 };
        let counts = run(engine, &scene, photons, false);
        deviation(counts.fate_total(Fate::BackEmission), photons, expected)
    };
    ALL.into_iter().zip(expected).map(one).collect()
}

pub fn closed_form(engine: &dyn Engine, photons: u64) {
    let expected = expected(&absorbing().0);
    let off = deviations(engine, photons, expected);
    println!("EQE {expected:.4?}: {off:.2?} standard errors");
    assert!(off.iter().all(|off| *off <= SIGMAS), "EQE {expected:.4?}: {off:.1?} standard errors");
}

/// Each with the number of another.
pub fn partner(engine: &dyn Engine, photons: u64) {
    let [on, lost, _] = expected(&absorbing().0);
    let off = deviations(engine, photons, [lost, on, lost]);
    assert!(off.iter().all(|off| *off > SIGMAS), "{off:.1?}");
}
