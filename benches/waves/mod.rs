//! What thin films are timed on: a stack of seven layers by wavelength and angle, and a dipole in it.

use num_complex::Complex64;
use relume::optics::coherent::{Layer, Power, Stack};
use relume::optics::dipole::{Dipole, Dissipation, EmitterStack, Outer};

pub const WAVELENGTHS: usize = 100;
pub const ANGLES: usize = 100;
pub const DIPOLE_WAVELENGTHS: usize = 38;
pub const DIPOLE_POINTS: usize = 980;

/// Seven layers of an LED stack on glass, n and k of a green wavelength.
fn layers() -> Vec<Layer> {
    [
        (1.9, 0.01, 120.0),
        (1.6, 0.0, 40.0),
        (1.75, 0.0, 30.0),
        (2.2, 0.05, 30.0),
        (1.7, 0.0, 50.0),
        (1.35, 0.0, 1.0),
        (0.93, 6.33, 100.0),
    ]
    .map(|(n, k, nm)| Layer::new(n, k, nm))
    .into()
}

/// s and p at all angles of one wavelength, met from glass.
pub fn powers(wavelength: usize) -> Vec<[Power; 2]> {
    let stack = Stack::new(450.0 + 3.0 * wavelength as f64, 1.52, &layers(), Complex64::new(1.0, 0.0))
        .expect("a stack of passive layers");
    let in_plane: Vec<f64> = (0..ANGLES).map(|angle| stack.in_plane_index(0.9 * angle as f64)).collect();
    stack.powers(&in_plane)
}

/// Half way up the emitter layer, which takes the real part of its index alone.
fn dipole(wavelength: usize) -> Dipole {
    let mut layers = layers();
    layers[3] = Layer::new(2.2, 0.0, 30.0);
    layers.reverse();
    let stack = EmitterStack {
        wavelength_nm: 480.0 + 3.0 * wavelength as f64,
        front: Outer::endless(1.0),
        layers,
        emitter: 3,
        back: Outer::substrate(1.52, 1.0),
    };
    stack.dipole(0.5).expect("a passive stack")
}

/// K(u) of one wavelength.
pub fn dissipations(wavelength: usize) -> Vec<Dissipation> {
    let u: Vec<f64> = (0..DIPOLE_POINTS).map(|point| 1.96 * (point as f64 + 0.5) / DIPOLE_POINTS as f64).collect();
    dipole(wavelength).dissipations(&u)
}
