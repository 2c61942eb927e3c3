//! Reflectance, transmittance and absorptance of every packet.

use std::borrow::Cow;

use serde::Serialize;

use super::StackProblem;
use super::packet::Setting;
use crate::optics::coherent::Polarisation;
use crate::outcome::Named;
use crate::scene::Scene;

/// A packet met from its front, at one wavelength, angle and polarisation.
#[derive(Debug, Clone, Serialize)]
pub struct Optics {
    /// Names of its layers, in the order the light meets them.
    pub packet: Vec<String>,
    pub wavelength_nm: f64,
    /// In the medium in front of the packet.
    pub angle_deg: f64,
    /// "s" or "p".
    pub polarisation: &'static str,
    pub reflectance: f64,
    pub transmittance: f64,
    /// By layer.
    pub absorptance: Named<f64>,
}

/// Every packet at every wavelength, angle and polarisation, in that order.
pub(super) fn all(scene: &Scene, wavelengths_nm: &[f64], angles_deg: &[f64]) -> Result<Vec<Optics>, StackProblem> {
    let packets = scene.packets();
    if packets.is_empty() {
        return Err(StackProblem::NoPacket);
    }
    let mut list = Vec::new();
    for packet in packets {
        let setting = Setting::new(scene, packet);
        let names = setting.names();
        for &wavelength_nm in wavelengths_nm {
            let stack = setting.stack(wavelength_nm)?;
            for &angle_deg in angles_deg {
                for (polarisation, name) in Polarisation::BOTH.into_iter().zip(["s", "p"]) {
                    let response = stack.response_at_angle(angle_deg, polarisation);
                    list.push(Optics {
                        packet: names.clone(),
                        wavelength_nm,
                        angle_deg,
                        polarisation: name,
                        reflectance: response.reflectance,
                        transmittance: response.transmittance,
                        absorptance: Named(names.iter().cloned().map(Cow::Owned).zip(response.absorptance).collect()),
                    });
                }
            }
        }
    }
    Ok(list)
}

/// The visible wavelengths, every 2 nm, for which the index of every packet's layers is stated.
pub fn visible_nm(scene: &Scene) -> Vec<f64> {
    const STEP_NM: f64 = 2.0;
    let (mut low, mut high): (f64, f64) = (380.0, 780.0);
    let outer = [&scene.front.index, &scene.back.index];
    let layers = scene.layers.iter().flat_map(|layer| [Some(&layer.index), layer.extinction.as_ref()]).flatten();
    for curve in outer.into_iter().chain(layers) {
        let (from, to) = curve.range_nm();
        (low, high) = (low.max(from), high.min(to));
    }
    let steps = ((high - low) / STEP_NM).floor().max(-1.0) as i64;
    (0..=steps).map(|i| low + STEP_NM * i as f64).collect()
}

/// Every packet over [`visible_nm`], at these angles.
///
/// # Errors
/// As [`super::StackReport::new`].
pub fn spectra(scene: &Scene, angles_deg: &[f64]) -> Result<Vec<Optics>, StackProblem> {
    all(scene, &visible_nm(scene), angles_deg)
}
