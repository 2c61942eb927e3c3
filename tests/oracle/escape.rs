//! Escape from clear and from gray slabs, and diffuse transmittance of a face.

use relume::counts::Fate::{BackEmission, FrontEmission, ReflectorEmission, ReflectorPump, Trapped};
use relume::scene::Scene;
use relume::spectrum::Curve;

use super::judge::share;
use super::scenes::*;
use super::table::rows;
use super::{Case, photons_for};

const TRUST: f64 = 1e-9;

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for row in rows(include_str!("data/escape.csv")) {
        let n = row.number("n");
        let add = |cases: &mut Vec<Case>, family, scene, checks| {
            cases.push(Case::new(family, format!("n{n}"), scene, photons_for(1.0), checks));
        };
        let cone = row.number("cone_1face");
        let left = vec![
            share("front", |s| (s.fates(&[FrontEmission]), s.launched()), cone, TRUST),
            share("back", |s| (s.fates(&[BackEmission]), s.launched()), cone, TRUST),
            share("trapped", |s| (s.fates(&[Trapped]), s.launched()), 1.0 - 2.0 * cone, TRUST),
        ];
        add(&mut cases, "escape_two_faces", emitting(n), left);

        let fresnel = row.number("fres_1face");
        let mut scene = emitting(n);
        scene.back = black();
        let left = vec![
            share("front", |s| (s.fates(&[FrontEmission]), s.launched()), fresnel, TRUST),
            share("into black", |s| (s.fates(&[ReflectorEmission]), s.launched()), 1.0 - fresnel, TRUST),
        ];
        add(&mut cases, "escape_one_face", scene, left);

        let passed = |expected| vec![share("passed", |s| (s.fates(&[ReflectorPump]), s.launched()), expected, TRUST)];
        let mut scene = stack(lambertian(), vec![layer(n)]);
        scene.back = black();
        add(&mut cases, "diffuse_inwards", scene, passed(row.number("Tbar_out_to_in")));
        let mut scene = stack(lambertian(), vec![layer(1.0)]);
        scene.front = medium(n);
        scene.back = black();
        add(&mut cases, "diffuse_outwards", scene, passed(row.number("Tbar_in_to_out")));
    }
    for row in rows(include_str!("data/matched.csv")) {
        let tau = row.number("tau");
        let mut add = |family, scene, expected| {
            let left = vec![share("left", |s| (s.emission(), s.launched()), expected, TRUST)];
            cases.push(Case::new(family, format!("tau{tau}"), scene, photons_for(1.0), left));
        };
        let mut uniform = emitting(1.0);
        uniform.layers[0].absorption_per_cm = Curve::Constant(tau / THICKNESS_CM);
        add("matched_uniform", uniform, row.number("P_both"));
        // emission in a clear layer, beside gray ones
        let gray = |tau: f64| {
            let mut gray = layer(1.0);
            gray.absorption_per_cm = Curve::Constant(tau / THICKNESS_CM);
            gray
        };
        let mut clear = layer(1.0);
        clear.emitters = vec![clear_emitter()];
        add("matched_surface", stack(internal(0), vec![clear.clone(), gray(tau)]), row.number("P_surface"));
        let middle = stack(internal(1), vec![gray(tau / 2.0), clear, gray(tau / 2.0)]);
        add("matched_middle", middle, row.number("P_middle"));
    }
    cases
}

/// Emission that nothing absorbs, uniform in a slab.
fn emitting(index: f64) -> Scene {
    let mut slab = layer(index);
    slab.emitters = vec![clear_emitter()];
    stack(internal(0), vec![slab])
}
