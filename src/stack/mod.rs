//! Coherent packets of a scene and the dipoles in them, by wave optics alone: no photons are followed.

mod cells;
mod dipoles;
mod led;
mod map;
mod optics;
mod packet;
mod quantities;
mod recycling;
mod subject;
mod sweep;
mod tandem;

use serde::Serialize;

use dipoles::Detail;
pub use dipoles::{Emission, FarField, Line};
pub use led::{Brightness, Colour};
pub use map::ModeMap;
pub use optics::{Optics, spectra, visible_nm};
pub(crate) use packet::{CLEAR, Setting};
pub use quantities::{QUANTITIES, Quantity};
pub use recycling::{Reabsorption, RecyclingReport};
pub(crate) use subject::radiates;
pub use sweep::{Swept, check, sweep};
pub use tandem::{Tandem, Unit};

use crate::optics::coherent::StackError;
use crate::optics::dipole::DipoleError;
use crate::scene::Scene;

/// What waves do in a scene. Serialised as `stack --json` gives it.
#[derive(Debug, Clone, Serialize)]
pub struct StackReport {
    pub schema: &'static str,
    pub version: &'static str,
    pub title: String,
    pub scene_hash: String,
    pub optics: Vec<Optics>,
    /// Of the emitter that is looked at; `None` where the scene has no dipole.
    pub dipole: Option<Emission>,
    /// All units of a device in which several layers have a dipole each.
    pub tandem: Option<Tandem>,
    /// What a reader of the result should know.
    pub notes: Vec<String>,
}

/// Why the waves in a scene cannot be looked at.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StackProblem {
    #[error("no layer is coherent; `relume stack` is about layers with coherent = true")]
    NoPacket,
    #[error(
        "no emitter to look at: none has a dipole, or several have one and no source of kind electroluminescence \
         says which (source.layer, source.emitter)"
    )]
    NoDipole,
    #[error("{what}: stated for {low_nm}..{high_nm} nm, asked for at {at_nm} nm")]
    Unstated { what: String, low_nm: f64, high_nm: f64, at_nm: f64 },
    #[error(
        "layer '{layer}' touches the {side} reflector: there is no medium for its light to come from or go to; \
         write the mirror as a coherent metal layer, or gap = \"air\""
    )]
    Reflector { layer: String, side: &'static str },
    #[error("layers {layers}: {why}")]
    Packet { layers: String, why: StackError },
    #[error(
        "emitter '{emitter}': position = \"uniform\" has no answer here: its mean Purcell factor is {of_few:.3} from {few} \
         places in the layer and {of_many:.3} from {many}. Beside a layer that absorbs, a dipole loses energy without limit as \
         it nears that face; write places away from it, as position = {{ share = [0.3, 0.5, 0.7], weight = [1, 1, 1] }}"
    )]
    Unsettled { emitter: String, few: usize, of_few: f64, many: usize, of_many: f64 },
    #[error("emitter '{emitter}': {why}")]
    Dipole { emitter: String, why: DipoleError },
}

impl StackReport {
    /// The packets of a scene at these wavelengths (in nm) and angles (degrees in the medium in front of each), and its
    /// dipole over its own emission.
    ///
    /// # Errors
    /// A scene without coherent layers, a wavelength that an index is not stated for, a packet that touches a reflector.
    pub fn new(scene: &Scene, hash: &str, wavelengths_nm: &[f64], angles_deg: &[f64]) -> Result<Self, StackProblem> {
        let optics = optics::all(scene, wavelengths_nm, angles_deg)?;
        let mut notes = scene.notes.clone();
        let dipole = match subject::chosen(scene, &mut notes) {
            Some((layer, emitter)) => Some(Emission::new(scene, layer, emitter, &Detail::whole(), &mut notes)?),
            None => None,
        };
        Ok(StackReport {
            schema: "relume.stack/1",
            version: env!("CARGO_PKG_VERSION"),
            title: scene.title.clone(),
            scene_hash: hash.to_owned(),
            optics,
            dipole,
            tandem: Tandem::of(scene)?,
            notes,
        })
    }
}
