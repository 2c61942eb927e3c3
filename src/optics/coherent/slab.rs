//! A thick slab between two coherent packets: intensities add, phases do not.

use super::response::Power;

/// A face of the slab for one polarisation, met from outside and from within the slab.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Reflectance met from outside.
    pub reflectance_outside: f64,
    /// Reflectance met from within.
    pub reflectance_inside: f64,
    /// Transmittance inwards from outside.
    pub transmittance_inwards: f64,
    /// Transmittance outwards from within.
    pub transmittance_outwards: f64,
}

impl Face {
    /// From the powers of the packet between the outer medium and the slab, met from both sides.
    pub fn new(from_outside: Power, from_inside: Power) -> Self {
        Self {
            reflectance_outside: from_outside.reflectance,
            reflectance_inside: from_inside.reflectance,
            transmittance_inwards: from_outside.transmittance,
            transmittance_outwards: from_inside.transmittance,
        }
    }
}

/// Shares of the light that meets the slab.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlabPower {
    pub reflectance: f64,
    pub transmittance: f64,
    /// Absorbed in the slab's own material.
    pub absorbed_in_slab: f64,
    /// Absorbed in the packets of the front and of the back face.
    pub absorbed_in_faces: [f64; 2],
}

/// Light that meets the front face of a slab of optical depth `depth` along its path (`alpha d / cos(theta)`), summed
/// over all passes as a geometric series, for one polarisation.
pub fn incoherent_slab(front: Face, back: Face, depth: f64) -> SlabPower {
    let pass = (-depth).exp();
    let round = front.reflectance_inside * back.reflectance_inside * pass * pass;
    // power that sets out from the front face into the slab, all passes together
    let setting_out = front.transmittance_inwards / (1.0 - round);
    let at_back = setting_out * pass;
    let returned = at_back * back.reflectance_inside;
    let at_front = returned * pass;
    SlabPower {
        reflectance: front.reflectance_outside + at_front * front.transmittance_outwards,
        transmittance: at_back * back.transmittance_outwards,
        absorbed_in_slab: (setting_out + returned) * -(-depth).exp_m1(),
        absorbed_in_faces: [
            1.0 - front.reflectance_outside - front.transmittance_inwards
                + at_front * (1.0 - front.reflectance_inside - front.transmittance_outwards),
            at_back * (1.0 - back.reflectance_inside - back.transmittance_outwards),
        ],
    }
}
