//! K(u) by wavelength.

use super::StackProblem;
use super::cells::Cells;
use super::subject::{CELLS, Subject, chosen};
use crate::optics::dipole;
use crate::scene::Scene;

/// K(u) over the emission: the dispersion map.
#[derive(Debug, Clone)]
pub struct ModeMap {
    pub wavelength_nm: Vec<f64>,
    pub u: Vec<f64>,
    /// A row for each wavelength: power lost per unit of u, of the emitter's mix of dipoles.
    pub k: Vec<Vec<f64>>,
    /// `u` of light that grazes the outer media, by wavelength.
    pub light_line: Vec<f64>,
}

impl ModeMap {
    /// Of the emitter that is looked at, at the first place of its zone, up to `u_max`. `None` without a dipole.
    ///
    /// # Errors
    /// As [`super::StackReport::new`].
    pub fn new(scene: &Scene, points: usize, u_max: f64) -> Result<Option<Self>, StackProblem> {
        let Some((layer, emitter)) = chosen(scene, &mut Vec::new()) else { return Ok(None) };
        let subject = Subject::new(scene, layer, emitter);
        let cells = Cells::new(&subject.emitter.emission, 2 * CELLS).cells;
        let wavelength_nm: Vec<f64> = cells.iter().map(|cell| cell.wavelength_nm).collect();
        let places = &subject.dipole.zone.places;
        let (position, _) = places[places.len() / 2];
        let dipoles = wavelength_nm.iter().map(|nm| {
            subject.setting.emitter_stack(layer, *nm)?.dipole(position).map_err(|why| subject.failed(why)) //
        });
        let dipoles = dipoles.collect::<Result<Vec<_>, _>>()?;
        let u: Vec<f64> = (0..points).map(|i| u_max * (i as f64 + 0.5) / points as f64).collect();
        let h = subject.dipole.horizontal;
        let rows = dipole::dispersion_map(&dipoles, &u).into_iter();
        let k = rows.map(|row| row.iter().map(|k| (1.0 - h) * k.perp + h * (k.par_s + k.par_p)).collect()).collect();
        let light_line = dipoles.iter().map(dipole::Dipole::light_line).collect();
        Ok(Some(ModeMap { wavelength_nm, u, k, light_line }))
    }
}
