//! How much of the source's light the first surface throws back. Where that is one face between thick media, no photon need
//! tell.

use num_complex::Complex64;

use super::absorbing::Absorbing;
use super::coefficients::add_coefficients;
use super::media::{add_media, begins_in, slabs};
use super::nodes::{Nodes, steps_nm};
use super::slab_rows::emitters_absorb;
use crate::optics::fresnel::reflection;
use crate::optics::quadrature::gauss_legendre;
use crate::scene::{Scene, SourceKind};
use crate::tables::FACE_FRESNEL;

/// Points on each side of a critical angle: of the directions of diffuse light.
const POINTS: usize = 24;

/// A beam this near to the critical angle, in the square of the refracted cosine, is reflected as rounding to f32 decides.
const CRITICAL: f64 = 1e-5;

/// Mean reflectance of the first surface for the light of the source, over its spectrum and directions; `None` where light
/// starts inside, or meets a reflector or coherent layers first, and for a beam just at the critical angle.
pub fn first_reflectance(scene: &Scene) -> Option<f64> {
    let (spectrum, angle_deg) = match &scene.source.kind {
        SourceKind::Beam { spectrum, angle_deg } => (spectrum, Some(*angle_deg)),
        SourceKind::Lambertian { spectrum } => (spectrum, None),
        SourceKind::Internal { .. } | SourceKind::Electroluminescence { .. } => return None,
    };
    let (slabs, mut media) = (slabs(scene), Vec::new());
    let row_stride = add_media(&mut media, scene, &slabs);
    if slabs.is_empty() || media[0].face_kind != FACE_FRESNEL {
        return None;
    }
    let nodes = Nodes::of(spectrum, &steps_nm(scene));
    let wavelengths_nm = &nodes.grid.wavelength_nm;
    let mut rows = Vec::new();
    add_coefficients(&mut rows, scene, &slabs, &nodes.grid, emitters_absorb(scene, 0));
    let absorbing = Absorbing::find(&rows, &media, begins_in(scene, &slabs, &media), row_stride, wavelengths_nm);
    let directions = gauss_legendre(POINTS);
    let of_node = |(rows, nm): (&[[f32; 4]], &f64)| {
        let [before, behind] = absorbing.indices(rows, 0, *nm);
        let clear = absorbing.is_clear_at(rows, 0, *nm);
        let behind = if clear { Complex64::from(behind.re) } else { behind };
        let reflectance = |cosine: f64| reflection(before.re, behind, cosine).unpolarised();
        let Some(angle_deg) = angle_deg else {
            return Some(of_diffuse_light(reflectance, behind.re / before.re, &directions));
        };
        let sine = before.re / behind.re * angle_deg.to_radians().sin();
        let critical = clear && before.re > behind.re && (1.0 - sine * sine).abs() < CRITICAL;
        (!critical).then(|| reflectance(angle_deg.to_radians().cos()))
    };
    let reflected = rows.chunks_exact(row_stride as usize).zip(wavelengths_nm).map(of_node);
    nodes.list.iter().zip(reflected).map(|(node, reflected)| Some(node.share * reflected?)).sum()
}

/// The mean over directions of which each cosine weighs twice itself, in parts that a critical angle ends.
fn of_diffuse_light(reflectance: impl Fn(f64) -> f64, relative_index: f64, directions: &[(f64, f64)]) -> f64 {
    let critical = (1.0 - relative_index * relative_index).max(0.0).sqrt();
    // towards that angle a reflectance goes with the root of the distance
    let part = |end: f64| {
        let weighed = |(t, weight): &(f64, f64)| {
            let cosine = critical + (end - critical) * t * t;
            weight * 2.0 * t * 2.0 * cosine * reflectance(cosine)
        };
        (end - critical).abs() * directions.iter().map(weighed).sum::<f64>()
    };
    part(0.0) + part(1.0)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scene;

    const AIR: &str = "index = 1";
    const FILM: &str = "thickness_um = 50\nindex = 1.5";

    fn of(source: &str, front: &str, film: &str) -> Option<f64> {
        let text = format!(
            "schema = 1\nfront = {{ {front} }}\nback = {{ index = 1 }}\nsource = {{ {source} }}\n\
             [[layer]]\nname = \"film\"\n{film}"
        );
        let scene =
            scene::parse(&text, "film.toml", Path::new("."), &[]).unwrap_or_else(|problems| panic!("{problems}"));
        first_reflectance(&scene.scene)
    }

    fn assert_near(got: Option<f64>, want: f64) {
        assert!(got.is_some_and(|got| (got - want).abs() < 1e-6), "{got:?}, not {want}");
    }

    /// Fresnel at normal incidence and at Brewster's angle, and the mean of diffuse light into index 1.5 (Duntley's 0.0918,
    /// Walsh 1926), which is more than that from within by the index squared.
    #[test]
    fn plane_faces_throw_back_what_fresnel_says() {
        let line = "kind = \"beam\", wavelength_nm = 450";
        assert_near(of(line, AIR, FILM), 0.04);
        assert_near(of(line, "index = 1.5", FILM), 0.0);
        // (n^2 - 1)^2 / (n^2 + 1)^2 of s, half of the light
        let brewster = 1.5f64.atan().to_degrees();
        let s = (1.25f64 / 3.25).powi(2);
        assert_near(of(&format!("{line}, angle_deg = {brewster}"), AIR, FILM), 0.5 * s);
        let diffuse = "kind = \"lambertian\", wavelength_nm = 450";
        let inwards = of(diffuse, AIR, FILM).expect("one face");
        assert!((inwards - 0.0918).abs() < 5e-5, "{inwards}");
        assert_near(of(diffuse, "index = 1.5", "thickness_um = 50\nindex = 1"), 1.0 - (1.0 - inwards) / 2.25);
    }

    #[test]
    fn spectra_are_averaged_and_absorbers_met_by_their_whole_index() {
        let pump = "kind = \"beam\", spectrum = { peak_nm = 450, fwhm_nm = 20 }";
        let index = "thickness_um = 50\nindex = { wavelength_nm = [400, 500], n = [1.5, 1.7], extrapolate = \"flat\" }";
        let (at_peak, second) = ((0.6f64 / 2.6).powi(2), of(pump, AIR, index).expect("one face"));
        assert!((second - at_peak).abs() < 1e-4 && second != at_peak, "{second}");
        // k = 0.5 at 450 nm
        let absorption = 4.0 * std::f64::consts::PI * 0.5 / 450e-7;
        let film = format!("{FILM}\nabsorption_per_cm = {absorption}");
        let r = (Complex64::new(-0.5, -0.5) / Complex64::new(2.5, 0.5)).norm_sqr();
        assert_near(of("kind = \"beam\", wavelength_nm = 450", AIR, &film), r);
    }

    #[test]
    fn other_beginnings_are_left_to_photons() {
        let line = "kind = \"beam\", wavelength_nm = 450";
        let mirror = "index = 1, reflector = { kind = \"specular\", reflectance = 0.5 }";
        assert_eq!(of(line, mirror, FILM), None);
        let coated = "thickness_nm = 100\nindex = 1.3\ncoherent = true\n[[layer]]\nname = \"glass\"\nthickness_um = 1000\nindex = 1.5";
        assert_eq!(of(line, AIR, coated), None);
        // just at the critical angle, and beyond it
        let beam = |angle_deg: f64| {
            of(&format!("{line}, angle_deg = {angle_deg}"), "index = 1.5", "thickness_um = 50\nindex = 1")
        };
        assert_eq!(beam((1.0f64 / 1.5).asin().to_degrees() - 1e-7), None);
        assert_near(beam(60.0), 1.0);
    }
}
