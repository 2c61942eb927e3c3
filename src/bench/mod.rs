//! How fast a device is on named scenes. A rate counts only where the fates of the very photons that were timed agree
//! with a known answer; else the scene has failed and has no number.

mod known;
mod measure;
mod record;
mod run;
mod scenes;
mod sweep;

pub use known::{Check, Known};
pub use measure::{Measured, Plan, Size, measure};
pub use record::{Precision, Rates, Record, SCHEMA, SceneRecord, Status, read, score};
pub use run::{Interrupted, run_scene};
pub use scenes::{BenchScene, REFERENCE, SCENES, Work};
pub use sweep::{DESIGNS, PHOTONS_EACH, designs};
