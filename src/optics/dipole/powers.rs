//! The budget of a dipole: where the power goes.

use super::emitter::{Dipole, DipoleError, EmitterStack, Side};

/// Share of isotropic dipoles that counts as horizontal.
pub const ISOTROPIC: f64 = 2.0 / 3.0;

/// A result for vertical and for horizontal dipoles.
#[derive(Debug, Clone, PartialEq)]
pub struct Oriented<T> {
    pub perp: T,
    pub par: T,
}

/// Powers relative to the dipole's in an unbounded medium of index n_e. Pairs are front and back.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Powers {
    /// All of it: the Purcell factor F.
    pub purcell: f64,
    /// Radiated into the outer medium, at any angle.
    pub radiated: [f64; 2],
    /// Of that, what leaves through a substrate into the medium behind it, with all reflections between the
    /// substrate's two faces; all of it where there is no substrate.
    pub escaped: [f64; 2],
    /// What enters a substrate, crosses the thin layers later and leaves by this side in the end; no part of `escaped`.
    pub crossed: [f64; 2],
    /// As `escaped`, the first pass alone.
    pub escaped_at_once: [f64; 2],
    /// Lost to waves that reach an outer medium: radiated, or absorbed on the way.
    pub below_light_line: f64,
    /// Lost to waves beyond every outer medium's light line, and below `u = 1`.
    pub guided: f64,
    /// Lost to waves beyond every light line and `u = 1`: plasmons, near fields, and modes guided by layers of a
    /// higher index than the emitter's.
    pub plasmon: f64,
}

impl Powers {
    /// Trapped in the substrate of a side: radiated into it, and not escaped there.
    pub fn substrate(&self, side: Side) -> f64 {
        self.radiated[side as usize] - self.escaped[side as usize]
    }

    /// Absorbed from waves below the light line.
    pub fn absorbed(&self) -> f64 {
        self.below_light_line - self.radiated[0] - self.radiated[1]
    }

    /// Everything as a share of the whole power F; `purcell` itself is kept.
    pub fn fractions(&self) -> Powers {
        let mut fractions = Powers::default();
        fractions.add(self, 1.0 / self.purcell);
        Powers { purcell: self.purcell, ..fractions }
    }

    /// Adds a weighted part.
    pub fn add(&mut self, part: &Powers, weight: f64) {
        for side in 0..2 {
            self.radiated[side] += weight * part.radiated[side];
            self.escaped[side] += weight * part.escaped[side];
            self.crossed[side] += weight * part.crossed[side];
            self.escaped_at_once[side] += weight * part.escaped_at_once[side];
        }
        self.purcell += weight * part.purcell;
        self.below_light_line += weight * part.below_light_line;
        self.guided += weight * part.guided;
        self.plasmon += weight * part.plasmon;
    }

    /// Mean of absolute powers with weights: over a spectrum (shares of photons) or over an emission zone. Shares of
    /// a mean are its powers over its F, and no mean of shares.
    pub fn mean<'a>(parts: impl IntoIterator<Item = (f64, &'a Powers)>) -> Powers {
        let (mut sum, mut weights) = (Powers::default(), 0.0);
        for (weight, part) in parts {
            sum.add(part, weight);
            weights += weight;
        }
        let mut mean = Powers::default();
        mean.add(&sum, 1.0 / weights);
        mean
    }
}

impl Oriented<f64> {
    /// Dipoles of which a share lies in the plane of the layers: 2/3 isotropic, 1 horizontal, 0 vertical.
    pub fn mix(&self, horizontal: f64) -> f64 {
        (1.0 - horizontal) * self.perp + horizontal * self.par
    }
}

impl Oriented<Powers> {
    /// Dipoles of which a share lies in the plane of the layers: 2/3 isotropic, 1 horizontal, 0 vertical.
    pub fn mix(&self, horizontal: f64) -> Powers {
        let mut mixed = Powers::default();
        mixed.add(&self.perp, 1.0 - horizontal);
        mixed.add(&self.par, horizontal);
        mixed
    }
}

impl EmitterStack {
    /// Mean of absolute powers over positions (shares of the emitter layer's thickness) with weights.
    pub fn zone_powers(&self, positions: &[(f64, f64)]) -> Result<Oriented<Powers>, DipoleError> {
        let parts = positions
            .iter()
            .map(|(position, weight)| Ok((*weight, self.dipole(*position)?.powers())))
            .collect::<Result<Vec<_>, DipoleError>>()?;
        Ok(Oriented {
            perp: Powers::mean(parts.iter().map(|(weight, powers)| (*weight, &powers.perp))),
            par: Powers::mean(parts.iter().map(|(weight, powers)| (*weight, &powers.par))),
        })
    }
}

impl Dipole {
    /// Purcell factors alone, at a lower price than [`Dipole::powers`].
    pub fn purcell(&self) -> Oriented<f64> {
        self.dissipated_in_all()
    }

    /// The whole budget.
    pub fn powers(&self) -> Oriented<Powers> {
        let (mut powers, lost) = (self.radiated(), self.lost(f64::INFINITY));
        powers.perp.add(&lost.perp, 1.0);
        powers.par.add(&lost.par, 1.0);
        powers
    }

    /// Where far fields end: waves of a larger `u` are bound to the emitter's neighbourhood. 1, light of the emitter layer, or
    /// the light line of an outer medium denser than that.
    pub fn far(&self) -> f64 {
        // the edges of windows are merged within 1e-12
        self.light_line().max(1.0) + 1e-11
    }

    /// What is lost to waves of the windows up to some `u`, a window's end such as 1: `purcell` is their sum, and nothing counts
    /// as radiated.
    pub fn lost(&self, up_to: f64) -> Oriented<Powers> {
        let mut powers = Oriented { perp: Powers::default(), par: Powers::default() };
        let light_line = self.light_line();
        for window in self.dissipated(up_to) {
            for (powers, lost) in [(&mut powers.perp, window.perp), (&mut powers.par, window.par)] {
                powers.purcell += lost;
                // the edges of windows are merged within 1e-12
                if window.to <= light_line + 1e-11 {
                    powers.below_light_line += lost;
                } else if window.to <= 1.0 {
                    powers.guided += lost;
                } else {
                    powers.plasmon += lost;
                }
            }
        }
        powers
    }
}
