//! Reflectance, transmittance and absorptance of every packet.

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
        let setting = Setting { scene, packet };
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
                        absorptance: Named(names.iter().cloned().zip(response.absorptance).collect()),
                    });
                }
            }
        }
    }
    Ok(list)
}
