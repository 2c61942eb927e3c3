//! Where the light of a dipole goes, over its spectrum and its zone.

use serde::Serialize;

use super::StackProblem;
use super::led::{Brightness, Colour};
use super::recycling::RecyclingReport;
use super::subject::{At, Subject};
use crate::optics::dipole::{self, Powers, effective_plqy};
use crate::outcome::Named;
use crate::scene::{Scene, SourceKind};

const ANGLE_STEP_DEG: usize = 5;

/// How much is asked of an emitter.
pub(super) struct Detail {
    /// Of the far field; the first is 0.
    pub angles_deg: Vec<f64>,
    /// Spacers as multiples of the scene's; the first is 1.
    pub spacers: &'static [f64],
}

impl Detail {
    /// The whole pattern, and what the spacer does.
    pub fn whole() -> Self {
        let angles_deg = (0..=90).step_by(ANGLE_STEP_DEG).map(f64::from).collect();
        Detail { angles_deg, spacers: &[1.0, 0.5, 2.0] }
    }

    /// As much as numbers for the whole device take.
    pub fn numbers() -> Self {
        Detail { angles_deg: vec![0.0], spacers: &[1.0] }
    }
}

/// Budget of an emitter in its stack. The powers are shares of all that the dipole loses; they are averaged as powers
/// over spectrum and zone and divided afterwards. Air, substrate, guided, plasmon, absorbed and top add up to 1.
#[derive(Debug, Clone, Serialize)]
pub struct Emission {
    pub emitter: String,
    pub layer: String,
    pub plqy: f64,
    pub charge_balance: f64,
    /// The whole power over that in an unbounded medium of the emitter layer's index.
    pub purcell: f64,
    /// Leaves by the output side, through the substrate where there is one.
    pub air: f64,
    /// Reaches the substrate of either side and does not leave by its outer face.
    pub substrate: f64,
    /// Of that, what crosses the thin layers later and leaves in the end by the output side, and by the other.
    pub substrate_to_air: f64,
    pub substrate_to_top: f64,
    /// Guided in the thin layers.
    pub guided: f64,
    /// Surface plasmons and near fields.
    pub plasmon: f64,
    /// Absorbed on the way to the outer media.
    pub absorbed: f64,
    /// Leaves by the other side.
    pub top: f64,
    /// Absorbed by each layer when light first meets it, from guided waves and near fields too.
    pub by_layer: Named<f64>,
    /// Beyond the output side.
    pub far_field: Vec<FarField>,
    /// The PLQY with the Purcell factor.
    pub effective_plqy: f64,
    /// Share of emitted photons that leave by the output side: `air`.
    pub outcoupling_efficiency: f64,
    /// Photons per recombination where the emitter layer does not absorb, and per injected pair of charges.
    pub eqe_bound: f64,
    pub eqe: f64,
    pub recycling: Option<RecyclingReport>,
    /// Mean wavelength of the emitter's photons and of those that leave by the output side.
    pub intrinsic_mean_nm: f64,
    pub mean_emission_nm: f64,
    /// Width (full, at half maximum of a Gaussian of the same variance) of both.
    pub intrinsic_width_nm: f64,
    pub width_nm: f64,
    pub spectrum: Vec<Line>,
    /// Photons that leave by the output side, by wavelength (nm) in steps of at most 1 nm, as shares of the emitter's.
    #[serde(skip)]
    pub(super) left: Vec<(f64, f64)>,
    /// `None` where nothing leaves that can be seen.
    pub colour: Option<Colour>,
    pub brightness: Option<Brightness>,
}

/// Radiant intensity in 1/sr, as a share of the dipole's power.
#[derive(Debug, Clone, Serialize)]
pub struct FarField {
    pub angle_deg: f64,
    pub s: f64,
    pub p: f64,
    /// That of Lambert's law with the same power.
    pub lambertian: f64,
}

/// One wavelength of the emission.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    pub wavelength_nm: f64,
    /// Share of the emitter's photons.
    pub share: f64,
    pub purcell: f64,
    /// Shares of all of the dipole's power that leaves by the output side, at this wavelength.
    pub air: f64,
}

impl Emission {
    pub(super) fn new(
        scene: &Scene,
        layer: usize,
        emitter: usize,
        detail: &Detail,
        notes: &mut Vec<String>,
    ) -> Result<Self, StackProblem> {
        let (charge_balance, current) = match scene.source.kind {
            SourceKind::Electroluminescence { charge_balance, current_density_ma_per_cm2, .. } => {
                (charge_balance, current_density_ma_per_cm2)
            }
            _ => (1.0, None),
        };
        let subject = Subject::new(scene, layer, emitter);
        let (cells, list) = subject.over_emission(&detail.angles_deg)?;
        let powers = Powers::mean(list.iter().map(|at| (at.share, &at.powers)));
        let of_all = powers.fractions();
        let (out, other) = match subject.output {
            dipole::Side::Front => (dipole::Side::Front, dipole::Side::Back),
            dipole::Side::Back => (dipole::Side::Back, dipole::Side::Front),
        };
        let mean = |of: &dyn Fn(&At) -> f64| list.iter().map(|at| at.share * of(at)).sum::<f64>() / powers.purcell;
        let names = subject.setting.names();
        let air = of_all.escaped[out as usize];
        let far_field = detail.angles_deg.iter().enumerate().map(|(i, &angle_deg)| FarField {
            angle_deg,
            s: mean(&|at| at.far_field[i][0]),
            p: mean(&|at| at.far_field[i][1]),
            lambertian: air * angle_deg.to_radians().cos().max(0.0) / std::f64::consts::PI,
        });
        let far_field: Vec<_> = far_field.collect();
        let plqy = subject.emitter.plqy;
        let effective = effective_plqy(plqy, powers.purcell);
        let recycling = subject.recycling(charge_balance, detail.spacers)?;
        let spectrum = list.iter().map(|at| Line {
            wavelength_nm: at.wavelength_nm,
            share: at.share,
            purcell: at.powers.purcell,
            air: at.share * at.powers.escaped[out as usize] / powers.purcell,
        });
        let spectrum: Vec<_> = spectrum.collect();
        let own = cells.weighted(list.iter().map(|_| 1.0));
        let left = cells.weighted(list.iter().map(|at| at.powers.escaped[out as usize] / powers.purcell));
        let ([intrinsic_mean_nm, intrinsic_width_nm], [mean_emission_nm, width_nm]) = (moments(&own), moments(&left));
        let eqe = charge_balance * effective * air;
        let per_sr = charge_balance * effective * (far_field[0].s + far_field[0].p);
        let colour = if air > 0.0 { Colour::new(&left, per_sr) } else { None };
        let brightness = current.filter(|_| air > 0.0);
        let brightness = brightness.map(|current| Brightness::new(current, eqe, per_sr, &left, colour.as_ref()));
        subject.tell(notes, &of_all, recycling.is_some());
        Ok(Emission {
            emitter: subject.emitter.name.clone(),
            layer: scene.layers[layer].name.clone(),
            plqy,
            charge_balance,
            purcell: powers.purcell,
            air,
            substrate: of_all.substrate(out) + of_all.substrate(other),
            substrate_to_air: of_all.crossed[out as usize],
            substrate_to_top: of_all.crossed[other as usize],
            guided: of_all.guided,
            plasmon: of_all.plasmon,
            absorbed: of_all.absorbed(),
            top: of_all.escaped[other as usize],
            by_layer: Named((0..names.len()).map(|i| (names[i].clone().into(), mean(&|at| at.layers[i]))).collect()),
            far_field,
            effective_plqy: effective,
            outcoupling_efficiency: air,
            eqe_bound: effective * air,
            eqe,
            recycling,
            intrinsic_mean_nm,
            mean_emission_nm,
            intrinsic_width_nm,
            width_nm,
            spectrum,
            left,
            colour,
            brightness,
        })
    }
}

/// Mean, and the width of a Gaussian of the same variance.
fn moments(photons: &[(f64, f64)]) -> [f64; 2] {
    let sum: f64 = photons.iter().map(|(_, share)| share).sum();
    if sum <= 0.0 {
        return [f64::NAN; 2];
    }
    let mean = photons.iter().map(|(nm, share)| nm * share).sum::<f64>() / sum;
    let variance = photons.iter().map(|(nm, share)| (nm - mean).powi(2) * share).sum::<f64>() / sum;
    [mean, (8.0 * std::f64::consts::LN_2 * variance).sqrt()]
}
