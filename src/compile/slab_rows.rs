//! All nodes and the rows of slabs at them: what photons meet where they fly. They depend on
//! no thickness, PLQY or edge, so that most designs of a sweep have theirs in common, and they are remembered.

use std::sync::{Arc, LazyLock};

use super::absorbing::Absorbing;
use super::coefficients::{self, add_coefficients};
use super::media::{Slab, begins_in};
use super::nodes::Nodes;
use super::surroundings::add_surroundings;
use crate::memo::Memo;
use crate::scene::{Recycling, Scene};
use crate::spectrum::Key;
use crate::tables::{FOLDED_DEPTH, Medium, Node};

/// Larger ones are not remembered.
const REMEMBERED_BYTES: usize = 1 << 18;

pub struct SlabRows {
    /// The pump's nodes first.
    pub nodes: Arc<Vec<Node>>,
    /// Rows of each node.
    pub coefficients: Arc<Vec<[f32; 4]>>,
    absorbing: Absorbing,
    /// By medium: the least extinction in 1/um of the nodes at which it guides light; infinite where it never does.
    guided_mu_t: Vec<f32>,
}

impl SlabRows {
    /// Those of a scene with these media. Spectra are the pump's, then each emitter's.
    pub fn of(scene: &Scene, slabs: &[Slab], media: &[Medium], row_stride: u32, spectra: &[Arc<Nodes>]) -> Arc<Self> {
        static KNOWN: LazyLock<Memo<Key, SlabRows>> = LazyLock::new(Memo::default);
        let make = || Arc::new(Self::new(scene, slabs, media, row_stride, spectra));
        let Some(key) = key(scene, slabs, media, spectra) else { return make() };
        KNOWN.known(&key).unwrap_or_else(|| match make() {
            large if size_of_val(&large.coefficients[..]) > REMEMBERED_BYTES => large,
            made => KNOWN.keep(key, made),
        })
    }

    fn new(scene: &Scene, slabs: &[Slab], media: &[Medium], row_stride: u32, spectra: &[Arc<Nodes>]) -> Self {
        let wavelengths: Vec<f64> = spectra.iter().flat_map(|nodes| nodes.grid.wavelength_nm.iter().copied()).collect();
        let mut rows = Vec::with_capacity(wavelengths.len() * row_stride as usize);
        for (number, nodes) in spectra.iter().enumerate() {
            add_coefficients(&mut rows, scene, slabs, &nodes.grid, emitters_absorb(scene, number));
        }
        let sources = begins_in(scene, slabs, media);
        let absorbing = Absorbing::find(&rows, media, sources, row_stride, &wavelengths);
        let mut guided_mu_t = vec![f32::INFINITY; slabs.len() + 1];
        for (block, nm) in rows.chunks_exact_mut(row_stride as usize).zip(&wavelengths) {
            add_surroundings(block, media, &absorbing, *nm, &mut guided_mu_t);
        }
        let mut nodes = Vec::with_capacity(wavelengths.len());
        spectra.iter().for_each(|own| own.add_alias_table(&mut nodes));
        Self { nodes: Arc::new(nodes), coefficients: Arc::new(rows), absorbing, guided_mu_t }
    }

    /// Tells the media behind which faces there is an absorber, or before them.
    pub fn set_faces(&self, media: &mut [Medium]) {
        self.absorbing.set_faces(media);
    }

    /// Whether the ways of guided light are to be folded in one of the slabs.
    pub fn guides(&self, media: &[Medium]) -> bool {
        let mut depths = self.guided_mu_t.iter().zip(media).map(|(mu_t, medium)| mu_t * medium.thickness_um);
        depths.any(|depth| depth < FOLDED_DEPTH)
    }
}

/// Whether emitters absorb light of a spectrum: the pump (0), or one of the emitters'.
pub fn emitters_absorb(scene: &Scene, spectrum: usize) -> bool {
    spectrum == 0 || scene.recycling != Recycling::Transparent
}

/// All that these rows depend on, where that can be told.
fn key(scene: &Scene, slabs: &[Slab], media: &[Medium], spectra: &[Arc<Nodes>]) -> Option<Key> {
    let grid = |nodes: &Arc<Nodes>| match nodes.list.len() {
        0 => Some(-1.0),
        _ => nodes.grid.number().map(f64::from_bits),
    };
    let grids: Option<Vec<f64>> = spectra.iter().map(grid).collect();
    let begins = begins_in(scene, slabs, media).into_iter().map(|begins| f64::from(u8::from(begins)));
    let media = media.iter().flat_map(|medium| {
        let has_thickness = f64::from(u8::from(medium.thickness_um > 0.0));
        [has_thickness, f64::from(medium.face_kind)]
    });
    let recycles = f64::from(u8::from(emitters_absorb(scene, 1)));
    let counts = [slabs.len() as f64, spectra.len() as f64, recycles].into_iter();
    let numbers = counts.chain(grids?).chain(begins).chain(media);
    Some(Key::of::<SlabRows>(numbers).around(coefficients::key(scene, slabs)?))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::media::{add_media, slabs};
    use super::super::nodes::steps_nm;
    use super::*;
    use crate::scene::{self, SourceKind};

    const FILM: &str = r#"
        schema = 1
        source = { kind = "beam", wavelength_nm = 450 }
        extent = { width_mm = 10, depth_mm = 10 }
        [[layer]]
        name = "film"
        thickness_um = 50
        index = 1.5
        absorption_per_cm = 0.1
        scattering = [{ mu_s_per_cm = 200, g = 0.7 }]
        [[layer.emitter]]
        name = "dots"
        plqy = 0.9
        absorption = 100
        emission = { peak_nm = 530, fwhm_nm = 20 }
        [[layer]]
        name = "glass"
        thickness_um = 100
        index = 1.52
    "#;

    /// The rows as they are and as they are remembered, and what differs between them.
    fn rows(settings: &[(&str, &str)]) -> (SlabRows, Arc<SlabRows>, bool) {
        let settings: Vec<_> = settings.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        let scene = scene::parse(FILM, "film.toml", Path::new(""), &settings).expect("a scene").scene;
        let slabs = slabs(&scene);
        let steps = steps_nm(&scene);
        let pump = match &scene.source.kind {
            SourceKind::Beam { spectrum, .. } | SourceKind::Lambertian { spectrum } => Nodes::of(spectrum, &steps),
            _ => Arc::new(Nodes::new(Vec::new())),
        };
        let emitters = scene.emitters().map(|(_, emitter)| Nodes::of(&emitter.emission, &steps));
        let spectra: Vec<_> = [pump].into_iter().chain(emitters).collect();
        let mut media = Vec::new();
        let row_stride = add_media(&mut media, &scene, &slabs);
        let fresh = SlabRows::new(&scene, &slabs, &media, row_stride, &spectra);
        let remembered = SlabRows::of(&scene, &slabs, &media, row_stride, &spectra);
        let [a, b] = [&fresh, &*remembered].map(|rows| {
            let mut media = media.clone();
            rows.set_faces(&mut media);
            let bits: Vec<u32> = rows.coefficients.as_flattened().iter().map(|value| value.to_bits()).collect();
            (rows.nodes.to_vec(), bits, media, rows.guided_mu_t.clone())
        });
        let same = a == b;
        (fresh, remembered, same)
    }

    /// Everything that rows depend on, changed by itself: a key that forgot one would give the rows before.
    #[test]
    fn what_is_remembered_is_what_is_asked_for() {
        let changes = [
            ("title", "as it is"),
            ("source.wavelength_nm", "440"),
            ("source.kind", "lambertian"),
            ("recycling", "transparent"),
            ("front.index", "1.1"),
            ("back.index", "1.3"),
            ("back.index", "{ wavelength_nm = [400, 700], n = [1.31, 1.3] }"),
            ("front.reflector", "{ kind = \"specular\", reflectance = 0.9 }"),
            ("back.reflector", "{ kind = \"specular\", reflectance = 0.9 }"),
            ("back.reflector", "{ kind = \"diffuse\", reflectance = 0.9 }"),
            ("back.reflector", "{ kind = \"diffuse\", reflectance = 0.9, gap = \"air\" }"),
            ("layer.film.index", "1.6"),
            ("layer.film.index", "{ n = 1.5, k = 1e-4 }"),
            ("layer.film.index", "{ n = 1.5, k = 0.1 }"),
            ("layer.glass.index", "{ n = 1.52, k = 0.1 }"),
            ("layer.film.absorption_per_cm", "0.2"),
            ("layer.film.scattering.1.mu_s_per_cm", "100"),
            ("layer.film.scattering.1.g", "0.5"),
            ("layer.film.emitter.dots.absorption", "200"),
            ("layer.film.emitter.dots.emission", "{ peak_nm = 540, fwhm_nm = 20 }"),
            ("extent.index", "1.2"),
        ];
        let (base, ..) = rows(&[]);
        let mut different = 0;
        for (key, value) in changes {
            let (fresh, _, same) = rows(&[(key, value)]);
            assert!(same, "{key}={value}");
            different += u32::from(fresh.coefficients != base.coefficients || fresh.nodes != base.nodes);
        }
        // a title changes nothing, nor does what a beam comes from
        assert_eq!(different, changes.len() as u32 - 2);
    }

    #[test]
    fn designs_that_differ_in_a_thickness_have_their_rows_in_common() {
        let (_, thin, _) = rows(&[("layer.film.thickness_um", "20")]);
        let (_, thick, _) = rows(&[("layer.film.thickness_um", "200"), ("layer.film.emitter.dots.plqy", "0.5")]);
        assert!(Arc::ptr_eq(&thin.coefficients, &thick.coefficients));
        let (_, denser, _) = rows(&[("layer.film.index", "1.7")]);
        assert!(!Arc::ptr_eq(&thin.coefficients, &denser.coefficients));
    }
}
