//! Radiated, guided and absorbed power that add up.

use super::emitter::{Dipole, DipoleError};
use super::layers::LayerPowers;
use super::powers::Powers;

/// Share of the power that may be missing before it is looked for.
const CLOSES: f64 = 1e-4;

impl Dipole {
    /// Powers and absorption by layer of dipoles of which a share lies in the plane of the layers. Power in waves that
    /// reach an outer medium is radiated or absorbed by a layer, but for modes that leak so little that their line has no
    /// width: they are guided.
    ///
    /// # Errors
    /// Power that is found in no place, because lines of modes were missed.
    pub fn budget(&self, horizontal: f64) -> Result<(Powers, LayerPowers), DipoleError> {
        self.closed(self.powers().mix(horizontal), self.layer_powers().mix(horizontal))
    }

    /// The same where only waves up to [`Dipole::far`] are followed into the layers. `lost` is what [`Dipole::lost`] says; its `purcell`
    /// and `plasmon` may be another dipole's, whose near fields are to count.
    ///
    /// # Errors
    /// As [`Dipole::budget`].
    pub fn propagating_budget(&self, horizontal: f64, lost: &Powers) -> Result<(Powers, LayerPowers), DipoleError> {
        let mut powers = self.radiated().mix(horizontal);
        powers.add(lost, 1.0);
        self.closed(powers, self.layer_powers_up_to(self.far()).mix(horizontal))
    }

    fn closed(&self, mut powers: Powers, layers: LayerPowers) -> Result<(Powers, LayerPowers), DipoleError> {
        if layers.outer != [0.0; 2] {
            // an outer medium absorbs, and how much of it below the light line is not kept
            return Ok((powers, layers));
        }
        let missing = powers.absorbed() - layers.below_light_line.iter().sum::<f64>();
        if missing.abs() > CLOSES * powers.purcell {
            if missing < 0.0 || !self.keeps_light_below_light_line() {
                return Err(DipoleError::Unresolved(missing.abs() / powers.purcell, self.wavelength_nm()));
            }
            powers.guided += missing;
            powers.below_light_line -= missing;
        }
        Ok((powers, layers))
    }

    fn wavelength_nm(&self) -> f64 {
        self.halves[0].stack.wavelength_nm
    }
}
