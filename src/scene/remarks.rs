//! What a scene may say but a reader of its results should know of: noted, so that no answer is taken for more than it is.

use super::problem::Log;
use super::ranges::rounded;
use super::{Emitter, Layer, Recycling, Scene, SourceKind, absorption_of_k_per_cm};
use crate::spectrum::Spectrum;

/// Coherent layers of this thickness are substrates more often than films.
const THICK_FILM_UM: f64 = 20.0;
/// Emitter layers up to this one are thin beside the wave.
const THICK_EMITTER_UM: f64 = 0.5;
/// Optical depth from which nothing comes back through a layer to interfere.
const OPAQUE: f64 = 6.0;
/// Optical depth below which a layer takes back next to nothing.
const CLEAR: f64 = 0.1;
const CM_PER_UM: f64 = 1e-4;

/// Logs what is remarkable about a scene.
pub(super) fn note(scene: &Scene, log: &Log) {
    starts_inside(scene, log);
    let coherent = scene.layers.iter().filter(|layer| layer.coherent);
    for layer in coherent {
        interferes_throughout(layer, scene, log);
        let dipoles = layer.emitters.iter().filter(|emitter| emitter.dipole.is_some());
        dipoles.for_each(|emitter| emits_from_its_places(layer, emitter, scene, log));
    }
    pumped_from_the_red(scene, log);
}

/// Says where light starts that has no medium in front to come from.
fn starts_inside(scene: &Scene, log: &Log) {
    let light = match scene.source.kind {
        SourceKind::Beam { .. } => "its angle counts",
        SourceKind::Lambertian { .. } => "its directions are Lambertian",
        SourceKind::Internal { .. } | SourceKind::Electroluminescence { .. } => return,
    };
    if let Some(layer) = scene.layers.first()
        && scene.front.reflector.is_some_and(|reflector| !reflector.gap)
    {
        let name = &layer.name;
        log.note(format!(
            "the source's light starts inside layer '{name}', behind the front reflector that touches it: {light} there, and \
             there is no first surface"
        ));
    }
}

/// Fringes of a plate are finer than lamps, plates and tables of wavelengths are.
fn interferes_throughout(layer: &Layer, scene: &Scene, log: &Log) {
    let Some(nm) = spectra(scene).next().map(Spectrum::mean_nm) else { return };
    let k = layer.extinction.as_ref().map_or(0.0, |k| k.at(nm));
    let depth = absorption_of_k_per_cm(k, nm) * layer.thickness_um * CM_PER_UM;
    if layer.thickness_um < THICK_FILM_UM || depth > OPAQUE {
        return;
    }
    let fringe_nm = nm * nm / (2e3 * layer.index.at(nm) * layer.thickness_um);
    log.note(format!(
        "layer '{}' is {} um thick and coherent: waves interfere across all of it, in fringes {fringe_nm:.2} nm apart that no \
         real plate and lamp show; without coherent = true it is met by rays",
        layer.name,
        rounded(layer.thickness_um)
    ));
}

/// In a thick layer it matters where light is emitted again, which dipoles at given places leave out.
fn emits_from_its_places(layer: &Layer, emitter: &Emitter, scene: &Scene, log: &Log) {
    const SAMPLES: usize = 16;
    let (low, high) = emitter.emission.support_nm();
    let at = (0..=SAMPLES).map(|i| low + (high - low) * i as f64 / SAMPLES as f64);
    let depth = at.map(|nm| emitter.absorption_per_cm.at(nm) * layer.thickness_um * CM_PER_UM).fold(0.0, f64::max);
    if scene.recycling == Recycling::On && layer.thickness_um > THICK_EMITTER_UM && depth > CLEAR {
        log.note(format!(
            "layer '{}' is {} um thick: what '{}' takes back of its light is emitted again from the places of its dipoles, \
             wherever it was absorbed, which makes too much of recycling in a thick layer; without coherent = true and dipole \
             each photon is followed to its place",
            layer.name,
            rounded(layer.thickness_um),
            emitter.name
        ));
    }
}

/// Emission has one spectrum, whatever was absorbed.
fn pumped_from_the_red(scene: &Scene, log: &Log) {
    let (SourceKind::Beam { spectrum, .. } | SourceKind::Lambertian { spectrum }) = &scene.source.kind else { return };
    let pump_nm = spectrum.mean_nm();
    for (_, emitter) in scene.emitters() {
        let emission_nm = emitter.emission.mean_nm();
        if pump_nm > emission_nm && emitter.absorption_per_cm.at(pump_nm) > 0.0 {
            log.note(format!(
                "the source ({} nm) is redder than what '{}' emits ({} nm on average): each emission is drawn from the whole \
                 spectrum, whatever was absorbed, so that light gains energy that has no source",
                rounded(pump_nm),
                emitter.name,
                rounded(emission_nm)
            ));
        }
    }
}

/// The source's light, and all that is emitted.
fn spectra(scene: &Scene) -> impl Iterator<Item = &Spectrum> {
    let source = match &scene.source.kind {
        SourceKind::Beam { spectrum, .. } | SourceKind::Lambertian { spectrum } => Some(spectrum),
        SourceKind::Internal { .. } | SourceKind::Electroluminescence { .. } => None,
    };
    source.into_iter().chain(scene.emitters().map(|(_, emitter)| &emitter.emission))
}
