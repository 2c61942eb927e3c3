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

/// On a plate of glass, whose faces send light back through the whole emitter layer, slab or no slab.
fn on_glass() -> (Case, Scene) {
    let mut case = named("LED530_n2.1_0.5_iso");
    let emitter = case.stack.emitter;
    case.stack.layers[emitter].index += Complex64::new(0.0, K);
    let mut scene = case.scene();
    scene.layers[emitter].emitters[0].plqy = PLQY;
    (case, scene)
}

/// EQE with light from the glass recycled, and with that light lost.
pub fn light_that_the_glass_returns(engine: &dyn Engine, photons: u64) {
    let (case, scene) = on_glass();
    let of = case.stack.recycling(case.zone[0].0, case.horizontal, 5.0).expect("a dipole");
    assert!(of.p_a_substrate > 0.02, "{of:?}");
    let counts = run(engine, &scene, photons, false);
    let left = counts.fate_total(Fate::BackEmission);
    let [all, without] = [true, false].map(|substrate| of.yield_by(Side::Back, PLQY, substrate));
    let off = [all, without].map(|expected| deviation(left, photons, expected));
    println!("EQE {all:.4}, were light from the glass lost {without:.4}: {off:.2?} standard errors");
    assert!(off[0] <= SIGMAS && off[1] > SIGMAS, "EQE {all:.4}: {off:.1?} standard errors");
}

/// What leaves a film by the front is radiated there, or comes back from the glass and crosses the film.
pub fn light_that_crosses_the_layers(engine: &dyn Engine, photons: u64) {
    let case = named("FILM530_300nm_on_glass_0.5_iso");
    let dipole = case.stack.dipole(case.zone[0].0).expect("a dipole");
    let of = dipole.powers().mix(case.horizontal).fractions();
    let counts = run(engine, &case.scene(), photons, false);
    let left = counts.fate_total(Fate::FrontEmission);
    let [all, at_once] = [of.escaped[0] + of.crossed[0], of.escaped[0]];
    let off = [all, at_once].map(|expected| deviation(left, photons, expected));
    println!("by the front {all:.4}, of it at once {at_once:.4}: {off:.2?} standard errors");
    assert!(off[0] <= SIGMAS && off[1] > SIGMAS, "by the front {all:.4}: {off:.1?} standard errors");
}
