//! A photon's life in one slab in air, scalar f64, one photon at a time. Lengths in cm.

use std::f64::consts::TAU;

use rand::Rng as _;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

/// Linear between points, held outside; a repeated wavelength is a step.
#[derive(Debug, Clone)]
pub struct Table {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Table {
    pub fn new(points: &[(f64, f64)]) -> Self {
        Self { x: points.iter().map(|p| p.0).collect(), y: points.iter().map(|p| p.1).collect() }
    }

    pub fn constant(value: f64) -> Self {
        Self::new(&[(0.0, value)])
    }

    fn at(&self, x: f64) -> f64 {
        let above = self.x.partition_point(|point| *point <= x);
        if above == 0 {
            return self.y[0];
        }
        if above == self.x.len() {
            return self.y[above - 1];
        }
        let share = (x - self.x[above - 1]) / (self.x[above] - self.x[above - 1]);
        self.y[above - 1] + share * (self.y[above] - self.y[above - 1])
    }
}

/// Where emitted wavelengths come from, in nm.
#[derive(Debug, Clone)]
pub enum Emission {
    Box(f64, f64),
    Gaussian { mean: f64, sigma: f64 },
}

impl Emission {
    pub fn gaussian(mean: f64, fwhm: f64) -> Self {
        Self::Gaussian { mean, sigma: fwhm / (8.0 * 2f64.ln()).sqrt() }
    }
}

/// One slab in air; without edges where `half_width` is infinite.
#[derive(Debug, Clone)]
pub struct Slab {
    pub n: f64,
    pub thickness: f64,
    pub half_width: f64,
    pub mu_s: f64,
    pub g: f64,
    pub host: f64,
    pub dye: Table,
    pub plqy: f64,
    pub emission: Emission,
    pub pump_nm: f64,
}

/// How photons ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fates {
    pub first: u64,
    pub top: u64,
    pub bottom: u64,
    pub edges: u64,
    pub dye: u64,
    pub host: u64,
    /// Emission among top, bottom and edges.
    pub emitted_out: u64,
    /// Flights to an interaction or a face.
    pub events: u64,
}

impl Fates {
    pub fn all(&self) -> u64 {
        self.first + self.top + self.bottom + self.edges + self.dye + self.host
    }

    fn plus(self, other: Self) -> Self {
        Self {
            first: self.first + other.first,
            top: self.top + other.top,
            bottom: self.bottom + other.bottom,
            edges: self.edges + other.edges,
            dye: self.dye + other.dye,
            host: self.host + other.host,
            emitted_out: self.emitted_out + other.emitted_out,
            events: self.events + other.events,
        }
    }
}

/// Photons that share one stream of random numbers.
const CHUNK: u64 = 10_000;

/// Runs photons on all threads.
pub fn run(slab: &Slab, seed: u64, photons: u64) -> Fates {
    let chunk = |number: u64| {
        let mut random = Random(Pcg64Mcg::new(
            ((seed as u128) << 64 | number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
        ));
        let mut fates = Fates::default();
        for _ in 0..CHUNK.min(photons - number * CHUNK) {
            follow(slab, &mut random, &mut fates);
        }
        fates
    };
    (0..photons.div_ceil(CHUNK)).into_par_iter().map(chunk).reduce(Fates::default, Fates::plus)
}

struct Random(Pcg64Mcg);

impl Random {
    /// Above 0 and below 1.
    fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) * 2f64.powi(-52)
    }

    fn isotropic(&mut self) -> [f64; 3] {
        let cos = 2.0 * self.uniform() - 1.0;
        let (sin, phi) = ((1.0 - cos * cos).sqrt(), TAU * self.uniform());
        [sin * phi.cos(), sin * phi.sin(), cos]
    }

    fn wavelength(&mut self, emission: &Emission) -> f64 {
        match *emission {
            Emission::Box(from, to) => from + (to - from) * self.uniform(),
            Emission::Gaussian { mean, sigma } => {
                let radius = (-2.0 * self.uniform().ln()).sqrt();
                mean + sigma * radius * (TAU * self.uniform()).cos()
            }
        }
    }

    /// Henyey-Greenstein about a direction.
    fn scatter(&mut self, direction: [f64; 3], g: f64) -> [f64; 3] {
        let cos = if g == 0.0 {
            2.0 * self.uniform() - 1.0
        } else {
            let fraction = (1.0 - g * g) / (1.0 - g + 2.0 * g * self.uniform());
            (1.0 + g * g - fraction * fraction) / (2.0 * g)
        };
        let (sin, phi) = ((1.0 - cos * cos).max(0.0).sqrt(), TAU * self.uniform());
        let (sin_phi, cos_phi) = (phi.sin(), phi.cos());
        let [x, y, z] = direction;
        if z.abs() > 0.99999 {
            return [sin * cos_phi, sin * sin_phi, cos * z.signum()];
        }
        let root = (1.0 - z * z).sqrt();
        [
            sin * (x * z * cos_phi - y * sin_phi) / root + x * cos,
            sin * (y * z * cos_phi + x * sin_phi) / root + y * cos,
            -sin * cos_phi * root + z * cos,
        ]
    }
}

/// Reflectance of unpolarised light from inside the slab to air.
fn reflectance(n: f64, cos_i: f64) -> f64 {
    let sin_t = n * (1.0 - cos_i * cos_i).max(0.0).sqrt();
    if n == 1.0 {
        return 0.0;
    }
    if sin_t >= 1.0 {
        return 1.0;
    }
    let cos_t = (1.0 - sin_t * sin_t).sqrt();
    let s = (n * cos_i - cos_t) / (n * cos_i + cos_t);
    let p = (cos_i - n * cos_t) / (cos_i + n * cos_t);
    0.5 * (s * s + p * p)
}

/// One photon from launch to its end.
fn follow(slab: &Slab, random: &mut Random, fates: &mut Fates) {
    // the beam enters along the normal
    if random.uniform() < ((slab.n - 1.0) / (slab.n + 1.0)).powi(2) {
        fates.first += 1;
        return;
    }
    let (mut position, mut direction) = ([0.0f64; 3], [0.0f64, 0.0, 1.0]);
    let mut dye = slab.dye.at(slab.pump_nm);
    let mut emitted = false;
    loop {
        fates.events += 1;
        // the nearest face
        let mut distance = f64::INFINITY;
        let mut axis = 2;
        for i in 0..3 {
            let (low, high) = if i == 2 { (0.0, slab.thickness) } else { (-slab.half_width, slab.half_width) };
            if direction[i] != 0.0 {
                let to = (if direction[i] > 0.0 { high } else { low } - position[i]) / direction[i];
                if to < distance {
                    (distance, axis) = (to.max(0.0), i);
                }
            }
        }
        let mu_t = slab.mu_s + slab.host + dye;
        let path = if mu_t > 0.0 { -random.uniform().ln() / mu_t } else { f64::INFINITY };
        let step = path.min(distance);
        for i in 0..3 {
            position[i] += step * direction[i];
        }
        if path >= distance {
            let outward = direction[axis] > 0.0;
            if random.uniform() < reflectance(slab.n, direction[axis].abs()) {
                direction[axis] = -direction[axis];
                continue;
            }
            match (axis, outward) {
                (2, false) => fates.top += 1,
                (2, true) => fates.bottom += 1,
                _ => fates.edges += 1,
            }
            fates.emitted_out += emitted as u64;
            return;
        }
        let what = random.uniform() * mu_t;
        if what < slab.mu_s {
            direction = random.scatter(direction, slab.g);
        } else if what < slab.mu_s + slab.host {
            fates.host += 1;
            return;
        } else if random.uniform() < slab.plqy {
            dye = slab.dye.at(random.wavelength(&slab.emission));
            direction = random.isotropic();
            emitted = true;
        } else {
            fates.dye += 1;
            return;
        }
    }
}
